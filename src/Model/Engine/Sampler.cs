using Dpvr.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>
/// Chooses the next token of every row. Sampling draws on the host with the request's own generator: temperature first,
/// then top-k, then top-p over what is left.
/// </summary>
internal static class Sampler
{
    private const int LikelyTokens = 256; // enough for top-p nearly always; a full sort is the fallback

    /// <summary>Logits (N, V) → per row the token, its log-probability under the raw logits, and whether the logits are finite.</summary>
    internal static IReadOnlyList<(int Token, float LogProb, bool Finite)> Choose(Tensor logits, IReadOnlyList<Sequence> rows)
    {
        using var scope = NewDisposeScope();
        if (CpuLogits.Serves(logits)) return ChooseOnCpu(logits, rows);
        var exact = logits.to(ScalarType.Float32);
        var logProbs = exact.log_softmax(-1);
        var sums = exact.sum(-1); // NaN or infinite as soon as one logit is
        var chosen = exact.argmax(-1);
        if (rows.Any(Draws))
        {
            var tokens = chosen.cpu().data<long>().ToArray();
            var finite = sums.cpu().data<float>().ToArray();
            for (var r = 0; r < rows.Count; r++)
                if (Draws(rows[r]) && float.IsFinite(finite[r])) tokens[r] = Draw(exact[r], rows[r].Request.Sampling, rows[r].Random);
            chosen = tensor(tokens, device: logits.device);
        }
        var likelihood = logProbs.gather(1, chosen.unsqueeze(1)).squeeze(1);
        var packed = stack([chosen.to(ScalarType.Float64), likelihood.to(ScalarType.Float64), sums.to(ScalarType.Float64)]).cpu().data<double>().ToArray(); // one transfer
        return [.. Enumerable.Range(0, rows.Count).Select(r => ((int)packed[r], (float)packed[rows.Count + r], double.IsFinite(packed[2 * rows.Count + r])))];
    }

    private static IReadOnlyList<(int Token, float LogProb, bool Finite)> ChooseOnCpu(Tensor logits, IReadOnlyList<Sequence> rows) =>
    [
        .. CpuLogits.Read(logits).Select((found, r) =>
        {
            if (!found.Finite || !Draws(rows[r])) return (found.Best, -found.LogSum, found.Finite);
            var exact = logits[r].to(ScalarType.Float32);
            var token = Draw(exact, rows[r].Request.Sampling, rows[r].Random);
            return ((int)token, exact[token].ToSingle() - found.Largest - found.LogSum, true);
        }),
    ];

    private static bool Draws(Sequence row) => row.Request.Sampling.Temperature > 0 && row.Request.Sampling.TopK != 1;

    private static long Draw(Tensor logits, SamplingOptions options, Random random)
    {
        var scaled = logits.Times(1 / options.Temperature); // (V)
        if (options.TopK > 0)
        {
            var (values, ids) = scaled.topk((int)Math.Min(options.TopK, scaled.shape[0]), -1);
            return ids.cpu().data<long>()[Nucleus(values.softmax(-1).cpu().data<float>().ToArray(), options.TopP, 1, random)];
        }
        var probabilities = scaled.softmax(-1);
        if (options.TopP >= 1) return Nucleus(probabilities.cpu().data<float>().ToArray(), 1, 1, random);

        foreach (var count in (int[])[LikelyTokens, (int)scaled.shape[0]])
        {
            var (values, ids) = probabilities.topk((int)Math.Min(count, scaled.shape[0]), -1);
            var likely = values.cpu().data<float>().ToArray();
            if (likely.Sum(p => (double)p) < options.TopP && likely.Length < scaled.shape[0]) continue;
            return ids.cpu().data<long>()[Nucleus(likely, options.TopP, 1, random)];
        }
        throw new InvalidOperationException("All tokens together reach any probability.");
    }

    /// <summary>Draws an index among the first entries that together reach <paramref name="share"/> of <paramref name="whole"/>.</summary>
    private static int Nucleus(ReadOnlySpan<float> probabilities, double share, double whole, Random random)
    {
        var kept = 0;
        var mass = 0.0;
        while (kept < probabilities.Length && (kept == 0 || mass < share * whole)) mass += probabilities[kept++];
        var aim = random.NextDouble() * mass;
        for (var i = 0; i < kept; i++)
            if ((aim -= probabilities[i]) < 0) return i;
        return kept - 1;
    }
}
