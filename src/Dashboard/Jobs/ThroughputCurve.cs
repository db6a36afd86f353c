using System.Globalization;

namespace Dpvr.Dashboard.Jobs;

/// <summary>Pictures a second over time, as points of a drawing. A shard commits all of its pictures at once, so that rates are means over a stretch of time.</summary>
internal static class ThroughputCurve
{
    private const int MostPoints = 120;

    /// <summary>Rates at moments, at most 120 of them.</summary>
    public static IReadOnlyList<(DateTimeOffset At, double Rate)> Rates(IReadOnlyList<ProgressSample> samples)
    {
        if (samples.Count < 2) return [];
        var step = Math.Max(1, (int)Math.Ceiling((samples.Count - 1) / (double)MostPoints));
        var rates = new List<(DateTimeOffset, double)>();
        for (var i = step; i < samples.Count; i += step)
        {
            var from = samples[Math.Max(0, i - Math.Max(step, 5))];
            var seconds = (samples[i].At - from.At).TotalSeconds;
            if (seconds > 0) rates.Add((samples[i].At, Math.Max(0, (samples[i].ImagesDone - from.ImagesDone) / seconds)));
        }
        return rates;
    }

    /// <summary>The same as a path in a box of <paramref name="width"/> × <paramref name="height"/>, closed at its foot.</summary>
    public static (string Line, string Area, double Top) Path(IReadOnlyList<(DateTimeOffset At, double Rate)> rates, double width, double height)
    {
        if (rates.Count == 0) return ("", "", 0);
        var top = Nice(rates.Max(static r => r.Rate));
        var (first, span) = (rates[0].At, Math.Max(1e-3, (rates[^1].At - rates[0].At).TotalSeconds));
        var points = rates.Select(r => string.Create(CultureInfo.InvariantCulture, $"{(r.At - first).TotalSeconds / span * width:0.#},{height - r.Rate / top * height:0.#}")).ToList();
        var line = "M" + string.Join(" L", points);
        return (line, string.Create(CultureInfo.InvariantCulture, $"{line} L{width:0.#},{height:0.#} L0,{height:0.#} Z"), top);
    }

    private static double Nice(double value)
    {
        if (value <= 0) return 1;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return (value / unit) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * unit;
    }
}
