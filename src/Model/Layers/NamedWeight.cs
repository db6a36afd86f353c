using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>One tensor of a checkpoint: its name there, the tensor that holds it, and (for fused weights) which rows of it.</summary>
/// <param name="Name">Checkpoint name, for example <c>language_model.model.layers.0.self_attn.q_proj.weight</c>.</param>
/// <param name="Storage">The (possibly fused) tensor.</param>
/// <param name="FirstRow">First row of the part.</param>
/// <param name="Rows">Rows of the part.</param>
public sealed record NamedWeight(string Name, Tensor Storage, long FirstRow, long Rows)
{
    /// <summary>A view of the named part of <paramref name="whole"/>, which has the shape of <see cref="Storage"/>.</summary>
    public Tensor PartOf(Tensor whole) => Rows == whole.shape[0] ? whole.alias() : whole.narrow(0, FirstRow, Rows);
}
