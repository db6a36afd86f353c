using System.Runtime.Intrinsics;

namespace Dpvr.Model.Layers;

/// <summary>bfloat16, the upper half of a float32; rounded to the nearest, ties to even, as libtorch does.</summary>
internal readonly unsafe struct HalfRows : IRowNumbers
{
    private const uint HalfLess = 0x7FFF, Quiet = 0x7FC00000;

    public static int Size => sizeof(ushort);

    public static Vector512<float> Load(byte* first)
    {
        var (lower, upper) = Vector256.Widen(Vector256.Load((ushort*)first));
        return Vector512.ShiftLeft(Vector512.Create(lower, upper), 16).AsSingle();
    }

    public static void Store(byte* first, Vector512<float> values)
    {
        var upper = Vector512.ShiftRightLogical(Rounded(values), 16);
        Vector256.Narrow(upper.GetLower(), upper.GetUpper()).Store((ushort*)first);
    }

    public static Vector512<float> Round(Vector512<float> values) => (Rounded(values) & Vector512.Create(0xFFFF0000u)).AsSingle();

    public static float LoadOne(byte* place) => BitConverter.UInt32BitsToSingle((uint)*(ushort*)place << 16);

    public static void StoreOne(byte* place, float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        *(ushort*)place = (ushort)((float.IsNaN(value) ? Quiet : bits + HalfLess + (bits >> 16 & 1)) >> 16);
    }

    /// <summary>The sum runs over into the upper half where it rounds up; a NaN's must not, it would become a zero.</summary>
    private static Vector512<uint> Rounded(Vector512<float> values)
    {
        var bits = values.AsUInt32();
        var even = Vector512.ShiftRightLogical(bits, 16) & Vector512.Create(1u);
        return Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), bits + even + Vector512.Create(HalfLess), Vector512.Create(Quiet));
    }
}
