using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>Scaled dot-product attention over heads that are already split and rotated.</summary>
internal static class Attention
{
    /// <summary>q (B, H, Q, Dh), k and v (B, Hkv, K, Dh), mask (B, 1, Q, K) additive or null → (B, Q, H·Dh).</summary>
    internal static Tensor Apply(Tensor q, Tensor k, Tensor v, Tensor? mask)
    {
        var context = nn.functional.scaled_dot_product_attention(q, Repeat(k, q), Repeat(v, q), mask); // (B, H, Q, Dh)
        return context.transpose(1, 2).flatten(2); // (B, H, Q, Dh) → (B, Q, H·Dh)
    }

    /// <summary>
    /// One query a row, q (B, H, 1, Dh), mask (B, 1, 1, K) → (B, 1, H·Dh). The query heads that share a key head stand in as
    /// its queries, so that no key is repeated.
    /// </summary>
    internal static Tensor OneQuery(Tensor q, Tensor k, Tensor v, Tensor mask)
    {
        long rows = q.shape[0], heads = q.shape[1], dim = q.shape[3];
        var grouped = q.reshape(rows, k.shape[1], -1, dim); // (B, H, 1, Dh) → (B, Hkv, H/Hkv, Dh)
        return nn.functional.scaled_dot_product_attention(grouped, k, v, mask).reshape(rows, 1, heads * dim); // (B, Hkv, H/Hkv, Dh) → (B, 1, H·Dh)
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
