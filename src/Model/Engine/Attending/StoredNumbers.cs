using System.Runtime.Intrinsics;

namespace Dpvr.Model.Engine;

/// <summary>How eight stored numbers become float32.</summary>
internal unsafe interface IStoredNumbers
{
    static abstract int Size { get; }

    static abstract Vector256<float> Load(byte* first);

    /// <summary>Sixteen of them.</summary>
    static abstract Vector512<float> LoadWide(byte* first);

    static abstract float LoadOne(byte* place);
}

internal readonly unsafe struct Float32Numbers : IStoredNumbers
{
    public static int Size => 4;

    public static Vector256<float> Load(byte* first) => Vector256.Load((float*)first);

    public static Vector512<float> LoadWide(byte* first) => Vector512.Load((float*)first);

    public static float LoadOne(byte* place) => *(float*)place;
}

/// <summary>bfloat16 is the upper half of a float32.</summary>
internal readonly unsafe struct Bfloat16Numbers : IStoredNumbers
{
    public static int Size => 2;

    public static Vector256<float> Load(byte* first)
    {
        var (lower, upper) = Vector128.Widen(Vector128.Load((ushort*)first));
        return Vector256.ShiftLeft(Vector256.Create(lower, upper), 16).AsSingle();
    }

    public static Vector512<float> LoadWide(byte* first)
    {
        var (lower, upper) = Vector256.Widen(Vector256.Load((ushort*)first));
        return Vector512.ShiftLeft(Vector512.Create(lower, upper), 16).AsSingle();
    }

    public static float LoadOne(byte* place) => BitConverter.UInt32BitsToSingle((uint)*(ushort*)place << 16);
}
