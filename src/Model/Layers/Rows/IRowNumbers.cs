using System.Runtime.Intrinsics;

namespace Dpvr.Model.Layers;

/// <summary>How stored numbers become float32, in which all is computed, and go back.</summary>
internal unsafe interface IRowNumbers
{
    static abstract int Size { get; }

    /// <summary>Sixteen numbers.</summary>
    static abstract Vector512<float> Load(byte* first);

    static abstract void Store(byte* first, Vector512<float> values);

    /// <summary>What a number becomes when it is stored and read again.</summary>
    static abstract Vector512<float> Round(Vector512<float> values);

    static abstract float LoadOne(byte* place);

    static abstract void StoreOne(byte* place, float value);
}
