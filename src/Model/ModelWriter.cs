using Dpvr.Model.Checkpoints;
using Dpvr.Model.Layers;
using static TorchSharp.torch;

namespace Dpvr.Model;

/// <summary>Writes weights in the layout they are loaded from.</summary>
public static class ModelWriter
{
    /// <summary>Writes <paramref name="weights"/> under their checkpoint names, fused ones in their parts.</summary>
    /// <param name="path">A <c>.safetensors</c> file, replaced atomically.</param>
    /// <param name="weights">For example <see cref="LlavaModel.Weights"/>.</param>
    /// <param name="dtype">Dtype on disk.</param>
    public static void Write(string path, IEnumerable<NamedWeight> weights, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        SafetensorsWriter.Write(path, weights.Select(w => (w.Name, w.PartOf(w.Storage))), dtype);
    }
}
