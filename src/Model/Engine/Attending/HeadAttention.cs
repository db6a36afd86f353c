using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dpvr.Model.Layers;

namespace Dpvr.Model.Engine;

/// <summary>One key head for a group of tokens: scores, softmax, and the sum of values that they weigh.</summary>
internal static unsafe class HeadAttention<TNumbers>
    where TNumbers : struct, IStoredNumbers
{
    private const int Wide = 8, Padding = 32;

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
            else if (prefix > 0) HeadProducts<TNumbers>.Scores(scaled, queries, dim, (byte*)stored.Prefix(first.Entry, keyHead).Keys, dim, prefix, scores, stride);
            for (var t = 0; t < group.Length; t++)
            {
                var token = tokens.Tokens[group[t]];
                var row = (long)t * sharing;
                HeadProducts<TNumbers>.Scores(scaled + row * dim, sharing, dim, (byte*)stored.Own(token.Slot, keyHead).Keys, stored.OwnStride, token.Own, scores + row * stride + prefix, stride);
                for (var g = 0; g < sharing; g++) Softmax(scores + (row + g) * stride, prefix + token.Own);
            }
            // From here on the queries' places hold their outputs.
            NativeMemory.Clear(scaled, (nuint)(queries * dim) * sizeof(float));
            if (tiled) PrefixTile<TNumbers>.Values(scaled, rows, dim, (byte*)stored.Prefix(first.Entry, keyHead).Values, prefix, scores, stride, tile);
            else if (prefix > 0) HeadProducts<TNumbers>.Values(scaled, queries, dim, (byte*)stored.Prefix(first.Entry, keyHead).Values, dim, prefix, scores, stride);
            for (var t = 0; t < group.Length; t++)
            {
                var token = tokens.Tokens[group[t]];
                var row = (long)t * sharing;
                HeadProducts<TNumbers>.Values(scaled + row * dim, sharing, dim, (byte*)stored.Own(token.Slot, keyHead).Values, stored.OwnStride, token.Own, scores + row * stride + prefix, stride);
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
}
