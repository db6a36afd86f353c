using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>Scaled dot-product attention over heads that are already split and rotated.</summary>
internal static class Attention
{
    private const long Stretch = 192; // from here on libtorch's kernel takes blocks of 64 queries

    /// <summary>q (B, H, Q, Dh), k and v (B, Hkv, K, Dh), mask (B, 1, Q, K) additive or null → (B, Q, H·Dh).</summary>
    internal static Tensor Apply(Tensor q, Tensor k, Tensor v, Tensor? mask)
    {
        var start = ComputeClock.Start();
        var context = nn.functional.scaled_dot_product_attention(q, Repeat(k, q), Repeat(v, q), mask); // (B, H, Q, Dh)
        ComputeClock.Attention(start);
        return context.transpose(1, 2).flatten(2); // (B, H, Q, Dh) → (B, Q, H·Dh)
    }

    /// <summary>
    /// Attention among tokens in reading order: q (B, H, T, Dh), k and v (B, Hkv, T, Dh), additive mask (T, T) → (B, T, H·Dh). All of them also see what stands
    /// before them, <paramref name="past"/>, keys and values (B, Hkv, S, Dh). Queries go in stretches that are shown no key behind them, which saves about a third of the work.
    /// </summary>
    internal static Tensor Causal(Tensor q, Tensor k, Tensor v, Tensor mask, (Tensor K, Tensor V)? past = null)
    {
        var clock = ComputeClock.Start();
        if (CpuCausalAttention.Serves(q))
        {
            var own = CpuCausalAttention.Apply(q, k, v, past);
            ComputeClock.Attention(clock);
            return own;
        }
        var before = past?.K.shape[2] ?? 0;
        if (past is { } some) (k, v, mask) = (cat([some.K, k], 2), cat([some.V, v], 2), nn.functional.pad(mask, [before, 0])); // (B, Hkv, S + T, Dh), (T, S + T)
        var (keys, values, length) = (Repeat(k, q), Repeat(v, q), q.shape[2]);
        var parts = new List<Tensor>();
        for (var start = 0L; start < length; start += Stretch)
        {
            long count = Math.Min(Stretch, length - start), end = before + start + count;
            var seen = mask.narrow(0, start, count).narrow(1, 0, end);
            parts.Add(nn.functional.scaled_dot_product_attention(q.narrow(2, start, count), keys.narrow(2, 0, end), values.narrow(2, 0, end), seen).transpose(1, 2)); // (B, H, t, Dh) → (B, t, H, Dh)
        }
        var context = (parts.Count == 1 ? parts[0] : cat(parts, 1)).flatten(2); // (B, T, H, Dh) → (B, T, H·Dh)
        ComputeClock.Attention(clock);
        return context;
    }

    /// <summary>The probabilities that <see cref="Apply"/> uses without showing them: (B, H, Q, K), float32.</summary>
    internal static Tensor Probabilities(Tensor q, Tensor k, Tensor? mask)
    {
        var scores = matmul(q, Repeat(k, q).transpose(-2, -1)).to(ScalarType.Float32).Times(1 / Math.Sqrt(q.shape[^1]));
        return (mask is null ? scores : scores.Plus(mask)).softmax(-1);
    }

    /// <summary>Grouped-query attention: each key/value head serves H / Hkv query heads in a row.</summary>
    private static Tensor Repeat(Tensor keys, Tensor queries)
    {
        var groups = queries.shape[1] / keys.shape[1];
        return groups == 1 ? keys : keys.repeat_interleave(groups, 1); // (B, Hkv, K, Dh) → (B, H, K, Dh)
    }
}
