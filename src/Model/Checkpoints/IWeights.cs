using static TorchSharp.torch;

namespace Dpvr.Model.Checkpoints;

/// <summary>
/// Where a component gets its weights from while it is built: a checkpoint on disk, or an initialiser for training from
/// scratch. A component allocates its own tensors (fused where it likes) and has each named part copied into a view, so
/// a weight is never in memory twice.
/// </summary>
public interface IWeights
{
    /// <summary>True when a tensor of this name exists (names as in <c>llava-hf/llava-1.5-7b-hf</c>).</summary>
    bool Contains(string name);

    /// <summary>Copies tensor <paramref name="name"/> into <paramref name="destination"/>, converting its dtype.</summary>
    /// <exception cref="CheckpointException">The tensor is missing, or its shape differs from the destination's.</exception>
    void CopyInto(string name, Tensor destination);
}
