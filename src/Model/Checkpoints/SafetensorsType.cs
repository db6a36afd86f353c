using static TorchSharp.torch;

namespace Dpvr.Model.Checkpoints;

/// <summary>The element types of the safetensors format that libtorch can hold.</summary>
internal static class SafetensorsType
{
    private static readonly (string Name, ScalarType Type, int Size)[] All =
    [
        ("F64", ScalarType.Float64, 8), ("F32", ScalarType.Float32, 4), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    internal static string Allowed => string.Join(", ", All.Select(t => t.Name));

    internal static bool TryParse(string name, out ScalarType type)
    {
        foreach (var known in All)
        {
            if (known.Name != name) continue;
            type = known.Type;
            return true;
        }
        type = default;
        return false;
    }

    internal static string NameOf(ScalarType type) => Find(type).Name;

    internal static int SizeOf(ScalarType type) => Find(type).Size;

    private static (string Name, ScalarType Type, int Size) Find(ScalarType type)
    {
        foreach (var known in All)
            if (known.Type == type) return known;
        throw new CheckpointException($"Element type {type} has no safetensors name. Allowed: {Allowed}.");
    }
}
