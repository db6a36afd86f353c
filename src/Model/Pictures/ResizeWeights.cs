using System.Collections.Concurrent;

namespace Dpvr.Model.Pictures;

/// <summary>
/// Fixed-point filter weights of one axis: bicubic with a = -0.5, widened when shrinking, 22 bits after the point, exactly
/// as Pillow computes them. Each weight is split as <c>High · 4096 + Low</c>, so that both halves fit 16 bits and two taps
/// are multiplied and added by one instruction.
/// </summary>
internal sealed class ResizeWeights
{
    internal const int LowBits = 12;
    internal const int FractionBits = 22;
    private const int LowMask = (1 << LowBits) - 1;

    // Data sets have few distinct sizes; the bounds keep a hostile mix of sizes from growing the cache.
    private const int CachedAxes = 512, CachedTaps = 1 << 16;
    private static readonly ConcurrentDictionary<(int From, int To, int First, int Count), ResizeWeights> Cache = new();

    private ResizeWeights(int from, int to, int first, int count)
    {
        var scale = (double)from / to;
        var widening = Math.Max(scale, 1);
        var support = 2 * widening;
        Taps = ((int)Math.Ceiling(support) * 2 + 1 + 3) / 4 * 4;
        Starts = new int[count];
        High = new short[count * Taps];
        Low = new short[count * Taps];

        var weights = new double[Taps];
        for (var x = 0; x < count; x++)
        {
            var center = (first + x + 0.5) * scale;
            var start = Math.Max(0, (int)(center - support + 0.5));
            var taps = Math.Min(from, (int)(center + support + 0.5)) - start;
            double sum = 0;
            for (var i = 0; i < taps; i++) sum += weights[i] = Bicubic((start + i - center + 0.5) * (1 / widening));
            for (var i = 0; i < taps; i++)
            {
                var weight = weights[i] / sum * (1 << FractionBits);
                var rounded = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
                High[x * Taps + i] = (short)(rounded >> LowBits);
                Low[x * Taps + i] = (short)(rounded & LowMask);
            }
            Starts[x] = start;
            End = Math.Max(End, start + taps);
        }
    }

    /// <summary>Weights stored for each output, a multiple of four; those past the filter's end are zero.</summary>
    internal int Taps { get; }

    /// <summary>First input index of each output.</summary>
    internal int[] Starts { get; }

    /// <summary>One past the last input index that any output reads (with a weight other than padding).</summary>
    internal int End { get; }

    /// <summary>(outputs, Taps)</summary>
    internal short[] High { get; }

    /// <summary>(outputs, Taps)</summary>
    internal short[] Low { get; }

    /// <summary>Weights for outputs <paramref name="first"/> .. <paramref name="first"/> + <paramref name="count"/> - 1 of an axis resized from <paramref name="from"/> to <paramref name="to"/>.</summary>
    internal static ResizeWeights For(int from, int to, int first, int count)
    {
        var key = (from, to, first, count);
        if (Cache.TryGetValue(key, out var known)) return known;

        var made = new ResizeWeights(from, to, first, count);
        if (made.High.Length > CachedTaps) return made;
        if (Cache.Count >= CachedAxes) Cache.Clear();
        Cache[key] = made;
        return made;
    }

    /// <summary>The outputs that read any input from <paramref name="first"/> up to but not including <paramref name="end"/>.</summary>
    internal (int First, int End) Seeing(int first, int end)
    {
        int from = 0, to = Starts.Length;
        while (from < to && Starts[from] + Taps <= first) from++;
        while (to > from && Starts[to - 1] >= end) to--;
        return (from, to);
    }

    private static double Bicubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
}
