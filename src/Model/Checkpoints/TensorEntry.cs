using static TorchSharp.torch;

namespace Dpvr.Model.Checkpoints;

/// <summary>One tensor of a safetensors file, as its header states it (already validated).</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Type">Element type as stored.</param>
/// <param name="Shape">Sizes, outermost first; empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="Length">Bytes.</param>
public sealed record TensorEntry(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>Number of elements.</summary>
    public long Count => Length / SafetensorsType.SizeOf(Type);

    internal static string Describe(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
