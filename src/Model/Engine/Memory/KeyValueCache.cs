using Dpvr.Model.Checkpoints;
using Dpvr.Model.Layers;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>
/// Keys and values, reserved once: of prefixes (text and images up to a prompt's last image), which several sequences may read, and of
/// what each sequence has for itself behind them. Layers that read no vision tokens keep the text of a prefix alone.
/// </summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _flatKeys, _flatValues; // the same memory as OwnKeys, OwnValues as (slots · T, Hkv, Dh)

    internal KeyValueCache(LlavaConfig config, Placement placement, KeyValuePlan memory, int slots, int prefixes)
    {
        long heads = config.Text.KeyValueHeads, dim = config.Text.HeadDim;
        (Heads, TextTokens, PrefixCapacity) = ((int)heads, memory.TextTokens, memory.PrefixTokensPerLayer);
        using var scope = NewDisposeScope();
        // Zeros, not uninitialised memory: where a masked value counts 0 times, 0 times NaN is NaN.
        Tensor Zeros(params long[] shape) => zeros(shape, dtype: placement.Dtype, device: placement.Device).DetachFromDisposeScope();
        Tensor[] Prefixes() => [.. memory.PrefixTokensPerLayer.Select(tokens => Zeros(prefixes, heads, tokens, dim))];
        Tensor[] Own() => [.. memory.PrefixTokensPerLayer.Select(_ => Zeros(slots, memory.TextTokens, heads, dim))];
        Tensor[] Shared() => memory.SharedTokens == 0 ? [] : [.. memory.PrefixTokensPerLayer.Select(_ => Zeros(1, heads, memory.SharedTokens, dim))];
        (PrefixKeys, PrefixValues, OwnKeys, OwnValues, SharedKeys, SharedValues) = (Prefixes(), Prefixes(), Own(), Own(), Shared(), Shared());
        _flatKeys = [.. OwnKeys.Select(k => k.view(-1, heads, dim).DetachFromDisposeScope())];
        _flatValues = [.. OwnValues.Select(v => v.view(-1, heads, dim).DetachFromDisposeScope())];
    }

    /// <summary>Heads of keys and values.</summary>
    internal int Heads { get; }

    /// <summary>Per layer the tokens that a prefix may have, P.</summary>
    internal IReadOnlyList<int> PrefixCapacity { get; }

    /// <summary>Text tokens that a slot may have, T.</summary>
    internal int TextTokens { get; }

    /// <summary>Per layer (prefixes, Hkv, P, Dh).</summary>
    internal IReadOnlyList<Tensor> PrefixKeys { get; }

    /// <summary>Per layer (prefixes, Hkv, P, Dh).</summary>
    internal IReadOnlyList<Tensor> PrefixValues { get; }

    /// <summary>Per layer (slots, T, Hkv, Dh).</summary>
    internal IReadOnlyList<Tensor> OwnKeys { get; }

    /// <summary>Per layer (slots, T, Hkv, Dh).</summary>
    internal IReadOnlyList<Tensor> OwnValues { get; }

    /// <summary>Per layer (1, Hkv, S, Dh): the text that all prefixes begin with; none where nothing is reserved for it.</summary>
    internal IReadOnlyList<Tensor> SharedKeys { get; }

    /// <summary>Per layer (1, Hkv, S, Dh).</summary>
    internal IReadOnlyList<Tensor> SharedValues { get; }

    /// <summary>Bytes that keys and values take.</summary>
    internal long Bytes => All.Sum(t => t.numel() * t.element_size());

    private IEnumerable<Tensor> All => [.. PrefixKeys, .. PrefixValues, .. OwnKeys, .. OwnValues, .. SharedKeys, .. SharedValues];

    /// <summary>Stores a layer's keys and values (B, Hkv, P, Dh) of prefixes, row by row into these entries, from token <paramref name="first"/> on.</summary>
    internal void StorePrefix(int layer, Tensor keys, Tensor values, IReadOnlyList<int> entries, long first = 0)
    {
        if (CpuPrefixCopy.Serves(keys))
        {
            CpuPrefixCopy.Run(keys, PrefixKeys[layer], entries, first);
            CpuPrefixCopy.Run(values, PrefixValues[layer], entries, first);
            return;
        }
        for (var r = 0; r < entries.Count; r++)
        {
            PrefixKeys[layer].select(0, entries[r]).narrow(1, first, keys.shape[2]).copy_(keys.select(0, r));
            PrefixValues[layer].select(0, entries[r]).narrow(1, first, values.shape[2]).copy_(values.select(0, r));
        }
    }

    /// <summary>Stores a layer's keys and values (1, Hkv, S, Dh) of the text that all prefixes begin with.</summary>
    internal void StoreShared(int layer, Tensor keys, Tensor values)
    {
        SharedKeys[layer].narrow(2, 0, keys.shape[2]).copy_(keys);
        SharedValues[layer].narrow(2, 0, values.shape[2]).copy_(values);
    }

    /// <summary>Stores a layer's keys and values (1, Hkv, M, Dh) of sequences' own tokens at places (M) = slot · T + index.</summary>
    internal void StoreOwn(int layer, Tensor places, Tensor keys, Tensor values)
    {
        _flatKeys[layer].index_copy_(0, places, keys.squeeze(0).transpose(0, 1)); // (1, Hkv, M, Dh) → (M, Hkv, Dh)
        _flatValues[layer].index_copy_(0, places, values.squeeze(0).transpose(0, 1));
    }

    /// <summary>Copies a sequence's own part into another slot.</summary>
    internal void Move(int from, int to)
    {
        using var scope = NewDisposeScope();
        foreach (var buffer in OwnKeys.Concat(OwnValues)) buffer.select(0, to).copy_(buffer.select(0, from));
    }

    /// <summary>Wipes the own part of a sequence that computed NaN, which would outlive it behind a mask.</summary>
    internal void WipeOwn(int slot)
    {
        using var scope = NewDisposeScope();
        foreach (var buffer in OwnKeys.Concat(OwnValues)) buffer.select(0, slot).zero_();
    }

    /// <summary>Wipes a prefix that nobody reads.</summary>
    internal void WipePrefix(int entry)
    {
        using var scope = NewDisposeScope();
        foreach (var buffer in PrefixKeys.Concat(PrefixValues)) buffer.select(0, entry).zero_();
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[.. _flatKeys, .. _flatValues, .. All]) tensor.Dispose();
    }
}
