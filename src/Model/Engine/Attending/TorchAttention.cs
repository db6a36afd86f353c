using Dpvr.Model.Layers;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>
/// The same attention in libtorch's operations, for any device: queries are gathered by the prefix they read and by the sequence they
/// belong to, so that stored keys are read where they lie. Shorter rows are padded with queries whose results nobody takes.
/// </summary>
internal sealed class TorchAttention(KeyValueCache cache, Placement placement) : ITokenAttention, IDisposable
{
    private (StepTokens Of, StepMaps Maps)? _last;

    public Tensor Attend(int layer, bool seesImages, Tensor queries, StepTokens tokens)
    {
        using var scope = NewDisposeScope();
        var maps = MapsOf(tokens);
        var q = queries.squeeze(0).transpose(0, 1).Times(1 / Math.Sqrt(queries.shape[3])); // (1, H, M, Dh) → (M, H, Dh)
        Tensor ownKeys = Own(cache.OwnKeys[layer], maps), ownValues = Own(cache.OwnValues[layer], maps);
        var own = Scores(q, ownKeys, maps.Own).Plus(maps.OwnMask); // (M, H, T)
        var length = seesImages ? maps.PrefixAll : maps.PrefixText;
        if (length == 0) return Weigh(own.softmax(-1), ownValues, maps.Own).flatten(1).unsqueeze(0).MoveToOuterDisposeScope();

        var mask = seesImages ? maps.AllMask : maps.TextMask;
        Tensor Prefix(Tensor stored) => stored.narrow(0, 0, maps.Prefix.Rows).narrow(2, 0, length);
        var prefix = Scores(q, Prefix(cache.PrefixKeys[layer]), maps.Prefix).Plus(mask); // (M, H, P)
        var weights = cat([prefix, own], -1).softmax(-1);
        var context = Weigh(weights.narrow(2, 0, length), Prefix(cache.PrefixValues[layer]), maps.Prefix).masked_fill(maps.WithoutPrefix, Scalars.Zero)
            .Plus(Weigh(weights.narrow(2, length, own.shape[2]), ownValues, maps.Own)); // (M, H, Dh)
        return context.flatten(1).unsqueeze(0).MoveToOuterDisposeScope();
    }

    private static Tensor Own(Tensor stored, StepMaps maps) =>
        stored.narrow(0, 0, maps.Own.Rows).narrow(1, 0, maps.OwnLength).transpose(1, 2); // (slots, T, Hkv, Dh) → (S, Hkv, t, Dh)

    /// <summary>(M, H, Dh) · (R, Hkv, K, Dh) → (M, H, K)</summary>
    private static Tensor Scores(Tensor q, Tensor keys, GatherMap map) =>
        map.Back(matmul(map.Gather(q, keys.shape[1]), keys.transpose(2, 3)), q.shape[1]);

    /// <summary>(M, H, K) · (R, Hkv, K, Dh) → (M, H, Dh)</summary>
    private static Tensor Weigh(Tensor weights, Tensor values, GatherMap map) =>
        map.Back(matmul(map.Gather(weights, values.shape[1]), values), weights.shape[1]);

    /// <summary>All layers of a step ask with the same tokens.</summary>
    private StepMaps MapsOf(StepTokens tokens)
    {
        if (_last is { } last && ReferenceEquals(last.Of, tokens)) return last.Maps;
        _last?.Maps.Dispose();
        _last = (tokens, new StepMaps(tokens, placement));
        return _last.Value.Maps;
    }

    public void Dispose()
    {
        _last?.Maps.Dispose();
        _last = null;
    }
}
