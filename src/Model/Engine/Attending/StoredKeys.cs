using Dpvr.Model.Runtime;

namespace Dpvr.Model.Engine;

/// <summary>Where a layer's keys and values lie, queries (M, H, Dh) come from and outputs (M, H, Dh) go.</summary>
internal readonly unsafe struct StoredKeys
{
    private readonly byte* _prefixKeys, _prefixValues, _ownKeys, _ownValues;
    private readonly int _prefixCapacity, _ownCapacity, _size;

    internal StoredKeys(KeyValueCache cache, int layer, void* queries, void* output, int heads, int dim, bool seesImages)
    {
        _prefixKeys = (byte*)NativeTensor.Data(cache.PrefixKeys[layer]);
        _prefixValues = (byte*)NativeTensor.Data(cache.PrefixValues[layer]);
        _ownKeys = (byte*)NativeTensor.Data(cache.OwnKeys[layer]);
        _ownValues = (byte*)NativeTensor.Data(cache.OwnValues[layer]);
        _size = (int)cache.OwnKeys[layer].element_size();
        (_prefixCapacity, _ownCapacity) = (cache.PrefixCapacity[layer], cache.TextTokens);
        Queries = (float*)queries;
        Output = (float*)output;
        (Heads, KeyHeads, Dim, SeesImages) = (heads, cache.Heads, dim, seesImages);
    }

    internal float* Queries { get; }
    internal float* Output { get; }
    internal int Heads { get; }
    internal int KeyHeads { get; }
    internal int Dim { get; }
    internal bool SeesImages { get; }

    /// <summary>Query heads that share a key head.</summary>
    internal int Sharing => Heads / KeyHeads;

    /// <summary>Numbers from one own token to the next; tokens of a prefix follow each other without a gap.</summary>
    internal int OwnStride => KeyHeads * Dim;

    internal (nint Keys, nint Values) Prefix(int entry, int head)
    {
        var offset = (((long)entry * KeyHeads) + head) * _prefixCapacity * Dim * _size;
        return ((nint)(_prefixKeys + offset), (nint)(_prefixValues + offset));
    }

    internal (nint Keys, nint Values) Own(int slot, int head)
    {
        var offset = ((long)slot * _ownCapacity * KeyHeads + head) * Dim * _size;
        return ((nint)(_ownKeys + offset), (nint)(_ownValues + offset));
    }
}
