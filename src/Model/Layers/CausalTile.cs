using System.Runtime.Intrinsics;

namespace Dpvr.Model.Layers;

/// <summary>The inner loops of <see cref="CpuCausalAttention"/>: six queries at a time, so that all sums stay in registers.</summary>
internal static unsafe class CausalTile
{
    internal const int Rows = 6;
    private const int Lanes = 16;

    /// <summary>queries (6, Dh) · keys (Dh, width) → scores (6, width), for the first <paramref name="seen"/> keys and a few more.</summary>
    internal static void Scores(float* queries, float* keys, float* scores, int dim, int width, int seen)
    {
        for (var j = 0; j < seen; j += 2 * Lanes)
        {
            Vector512<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
            Vector512<float> d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
            float* key = keys + j, query = queries;
            for (var i = 0; i < dim; i++, key += width, query++)
            {
                Vector512<float> left = Vector512.Load(key), right = Vector512.Load(key + Lanes);
                var q = Vector512.Create(query[0]);
                a0 = Vector512.FusedMultiplyAdd(q, left, a0);
                a1 = Vector512.FusedMultiplyAdd(q, right, a1);
                q = Vector512.Create(query[dim]);
                b0 = Vector512.FusedMultiplyAdd(q, left, b0);
                b1 = Vector512.FusedMultiplyAdd(q, right, b1);
                q = Vector512.Create(query[2 * dim]);
                c0 = Vector512.FusedMultiplyAdd(q, left, c0);
                c1 = Vector512.FusedMultiplyAdd(q, right, c1);
                q = Vector512.Create(query[3 * dim]);
                d0 = Vector512.FusedMultiplyAdd(q, left, d0);
                d1 = Vector512.FusedMultiplyAdd(q, right, d1);
                q = Vector512.Create(query[4 * dim]);
                e0 = Vector512.FusedMultiplyAdd(q, left, e0);
                e1 = Vector512.FusedMultiplyAdd(q, right, e1);
                q = Vector512.Create(query[5 * dim]);
                f0 = Vector512.FusedMultiplyAdd(q, left, f0);
                f1 = Vector512.FusedMultiplyAdd(q, right, f1);
            }
            var score = scores + j;
            Store(score, a0, a1);
            Store(score + width, b0, b1);
            Store(score + 2 * width, c0, c1);
            Store(score + 3 * width, d0, d1);
            Store(score + 4 * width, e0, e1);
            Store(score + 5 * width, f0, f1);
        }
    }

    /// <summary>Softmax over the first <paramref name="seen"/> scores; those behind, up to <paramref name="all"/>, become 0.</summary>
    internal static void Softmax(float* scores, int seen, int all)
    {
        var largest = float.NegativeInfinity;
        for (var j = 0; j < seen; j++) largest = Math.Max(largest, scores[j]); // NaN stays NaN, which the sampler sees
        var (peak, sums, i) = (Vector512.Create(largest), Vector512<float>.Zero, 0);
        for (; i + Lanes <= seen; i += Lanes)
        {
            var weight = Vector512.Exp(Vector512.Load(scores + i) - peak);
            weight.Store(scores + i);
            sums += weight;
        }
        var sum = Vector512.Sum(sums);
        for (; i < seen; i++) sum += scores[i] = MathF.Exp(scores[i] - largest);
        var share = Vector512.Create(1 / sum);
        for (i = 0; i + Lanes <= seen; i += Lanes) (Vector512.Load(scores + i) * share).Store(scores + i);
        for (; i < seen; i++) scores[i] /= sum;
        for (; i < all; i++) scores[i] = 0;
    }

    /// <summary>weights (6, width) · values (seen, 64 of Dh) → sums (6, 64 of Dh).</summary>
    internal static void Weigh(float* weights, float* values, float* sums, int dim, int width, int seen)
    {
        for (var half = 0; half < Rows; half += 3)
        {
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
            Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default;
            Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default;
            float* weight = weights + (long)half * width, value = values;
            for (var j = 0; j < seen; j++, value += dim)
            {
                Vector512<float> v0 = Vector512.Load(value), v1 = Vector512.Load(value + Lanes), v2 = Vector512.Load(value + 2 * Lanes), v3 = Vector512.Load(value + 3 * Lanes);
                var w = Vector512.Create(weight[j]);
                a0 = Vector512.FusedMultiplyAdd(w, v0, a0);
                a1 = Vector512.FusedMultiplyAdd(w, v1, a1);
                a2 = Vector512.FusedMultiplyAdd(w, v2, a2);
                a3 = Vector512.FusedMultiplyAdd(w, v3, a3);
                w = Vector512.Create(weight[width + j]);
                b0 = Vector512.FusedMultiplyAdd(w, v0, b0);
                b1 = Vector512.FusedMultiplyAdd(w, v1, b1);
                b2 = Vector512.FusedMultiplyAdd(w, v2, b2);
                b3 = Vector512.FusedMultiplyAdd(w, v3, b3);
                w = Vector512.Create(weight[2 * width + j]);
                c0 = Vector512.FusedMultiplyAdd(w, v0, c0);
                c1 = Vector512.FusedMultiplyAdd(w, v1, c1);
                c2 = Vector512.FusedMultiplyAdd(w, v2, c2);
                c3 = Vector512.FusedMultiplyAdd(w, v3, c3);
            }
            var sum = sums + (long)half * dim;
            Store(sum, a0, a1);
            Store(sum + 2 * Lanes, a2, a3);
            Store(sum + dim, b0, b1);
            Store(sum + dim + 2 * Lanes, b2, b3);
            Store(sum + 2 * dim, c0, c1);
            Store(sum + 2 * dim + 2 * Lanes, c2, c3);
        }
    }

    private static void Store(float* place, Vector512<float> left, Vector512<float> right)
    {
        left.Store(place);
        right.Store(place + Lanes);
    }
}
