using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Dpvr.Model.Layers;

namespace Dpvr.Model.Engine;

/// <summary>One key head for a group of tokens: scores, softmax, and the sum of values that they weigh.</summary>
internal static unsafe class HeadAttention<TNumbers>
    where TNumbers : struct, IStoredNumbers
{
    private const int Block = 32; // tokens whose keys stay in the first-level cache while all queries of the group pass over them
    private const int Wide = 8, Padding = 32;
    private const int Ahead = 4096; // bytes: processors' own prefetching ends with the page
    private const int Line = 64;

    internal static void Run(in StoredKeys stored, int keyHead, StepTokens tokens, StepGroup all)
    {
        var group = all.Indices;
        int dim = stored.Dim, sharing = stored.Sharing, queries = group.Length * sharing;
        var first = tokens.Tokens[group[0]];
        var prefix = first.Entry < 0 ? 0 : stored.SeesImages ? first.PrefixAll : first.PrefixText;
        var most = prefix;
        foreach (var index in group) most = Math.Max(most, prefix + tokens.Tokens[index].Own);
        var stride = (most + Padding - 1) / Padding * Padding;
        var tiled = all.InRuns && prefix > 0 && PrefixTile<TNumbers>.Serves(dim);
        var rows = (queries + CausalTile.Rows - 1) / CausalTile.Rows * CausalTile.Rows;
        var numbers = (long)rows * (stride + dim) + (tiled ? PrefixTile<TNumbers>.Scratch(dim, stride) : 0);
        var scratch = (float*)NativeMemory.AlignedAlloc((nuint)numbers * sizeof(float), 64);
        try
        {
            float* scores = scratch, scaled = scratch + (long)rows * stride, tile = scaled + (long)rows * dim;
            Gather(stored, keyHead, group, scaled);
            if (tiled)
            {
                NativeMemory.Clear(scaled + (long)queries * dim, (nuint)((rows - queries) * dim) * sizeof(float));
                PrefixTile<TNumbers>.Scores(scaled, rows, dim, (byte*)stored.Prefix(first.Entry, keyHead).Keys, prefix, scores, stride, tile);
            }
            else if (prefix > 0) Scores(scaled, queries, dim, (byte*)stored.Prefix(first.Entry, keyHead).Keys, dim, prefix, scores, stride);
            for (var t = 0; t < group.Length; t++)
            {
                var token = tokens.Tokens[group[t]];
                var row = (long)t * sharing;
                Scores(scaled + row * dim, sharing, dim, (byte*)stored.Own(token.Slot, keyHead).Keys, stored.OwnStride, token.Own, scores + row * stride + prefix, stride);
                for (var g = 0; g < sharing; g++) Softmax(scores + (row + g) * stride, prefix + token.Own);
            }
            // From here on the queries' places hold their outputs.
            NativeMemory.Clear(scaled, (nuint)(queries * dim) * sizeof(float));
            if (tiled) PrefixTile<TNumbers>.Values(scaled, rows, dim, (byte*)stored.Prefix(first.Entry, keyHead).Values, prefix, scores, stride, tile);
            else if (prefix > 0) Values(scaled, queries, dim, (byte*)stored.Prefix(first.Entry, keyHead).Values, dim, prefix, scores, stride);
            for (var t = 0; t < group.Length; t++)
            {
                var token = tokens.Tokens[group[t]];
                var row = (long)t * sharing;
                Values(scaled + row * dim, sharing, dim, (byte*)stored.Own(token.Slot, keyHead).Values, stored.OwnStride, token.Own, scores + row * stride + prefix, stride);
                var output = stored.Output + ((long)group[t] * stored.Heads + keyHead * sharing) * dim;
                NativeMemory.Copy(scaled + row * dim, output, (nuint)(sharing * dim) * sizeof(float));
            }
        }
        finally
        {
            NativeMemory.AlignedFree(scratch);
        }
    }

    private static void Gather(in StoredKeys stored, int keyHead, int[] group, float* scaled)
    {
        int dim = stored.Dim, length = stored.Sharing * dim;
        var scale = 1 / MathF.Sqrt(dim);
        foreach (var index in group)
        {
            var query = stored.Queries + ((long)index * stored.Heads + keyHead * stored.Sharing) * dim;
            for (var i = 0; i < length; i++) scaled[i] = query[i] * scale;
            scaled += length;
        }
    }

    /// <summary>queries (n, Dh) · keys (count, Dh) → scores (n, count)</summary>
    private static void Scores(float* queries, int n, int dim, byte* keys, int keyStride, int count, float* scores, int scoreStride)
    {
        for (var begin = 0; begin < count; begin += Block)
        {
            var end = Math.Min(count, begin + Block);
            for (var q = 0; q < n; q++)
            {
                var query = queries + (long)q * dim;
                for (var j = begin; j < end; j++)
                {
                    var key = keys + (long)j * keyStride * TNumbers.Size;
                    if (q == 0) Fetch(key, dim);
                    Vector256<float> even = default, odd = default;
                    var i = 0;
                    for (; i + 2 * Wide <= dim; i += 2 * Wide)
                    {
                        even = Vector256.FusedMultiplyAdd(Vector256.Load(query + i), TNumbers.Load(key + i * TNumbers.Size), even);
                        odd = Vector256.FusedMultiplyAdd(Vector256.Load(query + i + Wide), TNumbers.Load(key + (i + Wide) * TNumbers.Size), odd);
                    }
                    if (i < dim) even = Vector256.FusedMultiplyAdd(Vector256.Load(query + i), TNumbers.Load(key + i * TNumbers.Size), even);
                    scores[(long)q * scoreStride + j] = Vector256.Sum(even + odd);
                }
            }
        }
    }

    private static void Fetch(byte* place, int dim)
    {
        if (!Sse.IsSupported) return;
        for (var line = 0; line < dim * TNumbers.Size; line += Line) Sse.Prefetch0(place + Ahead + line); // behind the end it does nothing
    }

    private static void Softmax(float* scores, int count)
    {
        var largest = scores[0];
        for (var j = 1; j < count; j++) largest = Math.Max(largest, scores[j]); // NaN stays NaN, which the sampler sees
        var sums = Vector256<float>.Zero;
        var peak = Vector256.Create(largest);
        var i = 0;
        for (; i + Wide <= count; i += Wide)
        {
            var weight = Vector256.Exp(Vector256.Load(scores + i) - peak);
            weight.Store(scores + i);
            sums += weight;
        }
        var sum = Vector256.Sum(sums);
        for (; i < count; i++) sum += scores[i] = MathF.Exp(scores[i] - largest);
        var share = Vector256.Create(1 / sum);
        for (i = 0; i + Wide <= count; i += Wide) (Vector256.Load(scores + i) * share).Store(scores + i);
        for (; i < count; i++) scores[i] /= sum;
    }

    /// <summary>output (n, Dh) += weights (n, count) · values (count, Dh)</summary>
    private static void Values(float* output, int n, int dim, byte* values, int valueStride, int count, float* weights, int weightStride)
    {
        for (var begin = 0; begin < count; begin += Block)
        {
            var end = Math.Min(count, begin + Block);
            for (var q = 0; q < n; q++)
            {
                float* row = output + (long)q * dim, weight = weights + (long)q * weightStride;
                var i = 0;
                for (; i + 4 * Wide <= dim; i += 4 * Wide)
                {
                    Vector256<float> a = Vector256.Load(row + i), b = Vector256.Load(row + i + Wide), c = Vector256.Load(row + i + 2 * Wide), d = Vector256.Load(row + i + 3 * Wide);
                    for (var j = begin; j < end; j++)
                    {
                        var share = Vector256.Create(weight[j]);
                        var value = values + ((long)j * valueStride + i) * TNumbers.Size;
                        if (q == 0 && i == 0) Fetch(value, dim);
                        a = Vector256.FusedMultiplyAdd(share, TNumbers.Load(value), a);
                        b = Vector256.FusedMultiplyAdd(share, TNumbers.Load(value + Wide * TNumbers.Size), b);
                        c = Vector256.FusedMultiplyAdd(share, TNumbers.Load(value + 2 * Wide * TNumbers.Size), c);
                        d = Vector256.FusedMultiplyAdd(share, TNumbers.Load(value + 3 * Wide * TNumbers.Size), d);
                    }
                    a.Store(row + i);
                    b.Store(row + i + Wide);
                    c.Store(row + i + 2 * Wide);
                    d.Store(row + i + 3 * Wide);
                }
                for (; i < dim; i += Wide)
                {
                    var a = Vector256.Load(row + i);
                    for (var j = begin; j < end; j++)
                        a = Vector256.FusedMultiplyAdd(Vector256.Create(weight[j]), TNumbers.Load(values + ((long)j * valueStride + i) * TNumbers.Size), a);
                    a.Store(row + i);
                }
            }
        }
    }
}
