using Dpvr.Model.Checkpoints;
using Dpvr.Model.Language;
using Dpvr.Model.Layers;
using Dpvr.Model.Routing;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>
/// Keys and values of all slots, reserved once. A slot's row holds its vision tokens pushed to the right end of the image
/// part, and its text tokens from the start of the text part, so that what a batch uses is one stretch around the seam:
/// <c>[… unused | vision | text | unused …]</c>. Layers that read no vision tokens have no image part.
/// </summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _keys, _values; // per layer (slots, C, Hkv, Dh)
    private readonly Tensor[] _flatKeys, _flatValues; // the same memory as (slots · C, Hkv, Dh)
    private readonly Tensor _mask; // (slots, I + T), 0 where a token stands, -inf elsewhere
    private readonly Tensor _flatMask; // the same memory as (slots · (I + T))
    private readonly bool[] _sees;
    private readonly int _heads, _headDim, _images, _text;

    internal KeyValueCache(LlavaConfig config, RoutingPlan plan, Placement placement, KeyValuePlan memory, int slots)
    {
        (_heads, _headDim, _images, _text) = (config.Text.KeyValueHeads, config.Text.HeadDim, memory.ImageTokens, memory.TextTokens);
        _sees = [.. Enumerable.Range(0, config.Text.Layers).Select(plan.SeesImages)];
        using var scope = NewDisposeScope();
        // Zeros, not uninitialised memory: a masked value counts 0 times, and 0 times NaN is NaN.
        Tensor[] Reserve() => [.. memory.TokensPerLayer.Select(tokens => zeros([slots, tokens, _heads, _headDim], dtype: placement.Dtype, device: placement.Device).DetachFromDisposeScope())];
        (_keys, _values) = (Reserve(), Reserve());
        _flatKeys = [.. _keys.Select(k => k.view(-1, _heads, _headDim).DetachFromDisposeScope())];
        _flatValues = [.. _values.Select(v => v.view(-1, _heads, _headDim).DetachFromDisposeScope())];
        _mask = empty([slots, _images + _text], dtype: placement.Dtype, device: placement.Device).fill_(Scalars.NegativeInfinity).DetachFromDisposeScope();
        _flatMask = _mask.view(-1).DetachFromDisposeScope();
    }

    /// <summary>Bytes that keys and values take.</summary>
    internal long Bytes => _keys.Concat(_values).Sum(t => t.numel() * t.element_size());

    /// <summary>Where text token <paramref name="index"/> of a slot stands in layers with and without an image part.</summary>
    internal (long WithImages, long TextOnly) Flat(int slot, int index) =>
        ((long)slot * (_images + _text) + _images + index, (long)slot * _text + index);

    /// <summary>Takes the keys and values of a prefill whose rows are these sequences.</summary>
    internal IKeyValueSink Prefill(IReadOnlyList<Sequence> rows) => new PrefillSink(this, rows);

    /// <summary>Says which of a slot's tokens exist: that is what its neighbours in the batch do not share.</summary>
    internal void Open(IReadOnlyList<Sequence> rows)
    {
        using var scope = NewDisposeScope();
        var width = _images + _text;
        var valid = new float[rows.Count * width];
        Array.Fill(valid, float.NegativeInfinity);
        for (var r = 0; r < rows.Count; r++)
            valid.AsSpan(r * width + _images - rows[r].ImageTokens, rows[r].ImageTokens + rows[r].PromptText).Clear();
        var slots = tensor(rows.Select(r => (long)r.Slot).ToArray(), device: _mask.device);
        _mask.index_copy_(0, slots, tensor(valid).view(rows.Count, width).to(_mask.dtype).to(_mask.device));
    }

    /// <summary>Adds one text token to every row: flat indices (N) from <see cref="Flat"/>.</summary>
    internal void Extend(Tensor withImages) => _flatMask.index_fill_(0, withImages, Scalars.Zero);

    /// <summary>Who is seen by the newest tokens: (N, 1, 1, K) with and without vision tokens.</summary>
    internal (Tensor WithImages, Tensor TextOnly) Masks(int rows, int images, int text)
    {
        var all = _mask.narrow(0, 0, rows).unsqueeze(1).unsqueeze(1);
        return (all.narrow(3, _images - images, images + text), all.narrow(3, _images, text));
    }

    /// <summary>Stores the newest tokens' keys and values (N, Hkv, 1, Dh) of a layer and gives back what they look at: (N, Hkv, K, Dh).</summary>
    internal (Tensor Keys, Tensor Values) Append(int layer, Tensor flat, Tensor keys, Tensor values, int images, int text)
    {
        _flatKeys[layer].index_copy_(0, flat, keys.squeeze(2));
        _flatValues[layer].index_copy_(0, flat, values.squeeze(2));
        var (capacity, seen) = _sees[layer] ? (_images + _text, images) : (_text, 0);
        long row = (long)_heads * _headDim, start = (_sees[layer] ? _images - images : 0) * row;
        long[] size = [keys.shape[0], _heads, seen + text, _headDim], strides = [capacity * row, _headDim, row, 1]; // (slots, C, Hkv, Dh) → (N, Hkv, K, Dh)
        return (_keys[layer].as_strided(size, strides, start), _values[layer].as_strided(size, strides, start));
    }

    /// <summary>Copies a sequence into another slot.</summary>
    internal void Move(int from, int to)
    {
        using var scope = NewDisposeScope();
        foreach (var buffer in _keys.Concat(_values).Append(_mask)) buffer.narrow(0, to, 1).copy_(buffer.narrow(0, from, 1));
    }

    /// <summary>Wipes a slot whose sequence computed NaN, which would outlive it behind the mask.</summary>
    internal void Wipe(int slot)
    {
        using var scope = NewDisposeScope();
        foreach (var buffer in _keys.Concat(_values)) buffer.narrow(0, slot, 1).zero_();
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[.. _flatKeys, .. _flatValues, .. _keys, .. _values, _flatMask, _mask]) tensor.Dispose();
    }

    private sealed class PrefillSink : IKeyValueSink
    {
        private readonly KeyValueCache _cache;
        private readonly List<(int Row, int Slot, int Count, int ImageTokens)> _runs = []; // neighbours that one copy can serve

        internal PrefillSink(KeyValueCache cache, IReadOnlyList<Sequence> rows)
        {
            _cache = cache;
            for (var r = 0; r < rows.Count; r++)
            {
                var next = (Row: r, rows[r].Slot, Count: 1, rows[r].ImageTokens);
                if (_runs is [.., var run] && run.Slot + run.Count == next.Slot && run.ImageTokens == next.ImageTokens)
                    _runs[^1] = run with { Count = run.Count + 1 };
                else
                    _runs.Add(next);
            }
        }

        public void Store(int layer, Tensor keys, Tensor values, long imageTokens)
        {
            Store(_cache._keys[layer], keys, (int)imageTokens, _cache._sees[layer] ? _cache._images : 0);
            Store(_cache._values[layer], values, (int)imageTokens, _cache._sees[layer] ? _cache._images : 0);
        }

        private void Store(Tensor buffer, Tensor heads, int imageTokens, int seam)
        {
            var tokens = heads.transpose(1, 2); // (B, Hkv, I + T, Dh) → (B, I + T, Hkv, Dh)
            foreach (var run in _runs)
            {
                Tensor rows = tokens.narrow(0, run.Row, run.Count), slots = buffer.narrow(0, run.Slot, run.Count);
                var text = tokens.shape[1] - imageTokens;
                slots.narrow(1, seam, text).copy_(rows.narrow(1, imageTokens, text));
                if (imageTokens > 0 && run.ImageTokens > 0)
                    slots.narrow(1, seam - run.ImageTokens, run.ImageTokens).copy_(rows.narrow(1, 0, run.ImageTokens));
            }
        }
    }
}
