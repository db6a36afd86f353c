using System.Runtime.Intrinsics;

namespace Dpvr.Model.Layers;

internal readonly unsafe struct SingleRows : IRowNumbers
{
    public static int Size => sizeof(float);

    public static Vector512<float> Load(byte* first) => Vector512.Load((float*)first);

    public static void Store(byte* first, Vector512<float> values) => values.Store((float*)first);

    public static Vector512<float> Round(Vector512<float> values) => values;

    public static float LoadOne(byte* place) => *(float*)place;

    public static void StoreOne(byte* place, float value) => *(float*)place = value;
}
