using System.Globalization;

namespace Dpvr.Model.Analysis.Plots;

/// <summary>Bounds of an axis and its ticks at round numbers (1, 2 or 5 times a power of ten).</summary>
/// <param name="Low">Where the axis begins.</param>
/// <param name="High">Where it ends; always above <paramref name="Low"/>.</param>
/// <param name="Step">Distance of the ticks.</param>
internal sealed record PlotAxis(double Low, double High, double Step)
{
    /// <summary>Ticks from the lowest.</summary>
    internal IReadOnlyList<double> Ticks
    {
        get
        {
            double first = Math.Ceiling((Low / Step) - 1e-9), last = Math.Floor((High / Step) + 1e-9);
            return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * Step)];
        }
    }

    /// <summary>An axis that covers the values.</summary>
    /// <param name="values">Those that are not finite do not count; without any, the axis is 0…1.</param>
    /// <param name="wanted">About how many ticks.</param>
    /// <param name="fromZero">Zero is part of the axis.</param>
    /// <param name="round">The axis begins and ends at ticks; else exactly at the outermost values.</param>
    internal static PlotAxis Of(IEnumerable<double> values, int wanted, bool fromZero, bool round)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        var whole = true;
        foreach (var value in values.Where(double.IsFinite))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
            whole &= value == Math.Floor(value);
        }
        if (low > high) (low, high, whole) = (0, 1, false);
        if (fromZero) (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        if (high - low <= Math.Abs(high) * 1e-12) // one value: some room on either side of it
        {
            var room = high == 0 ? 1 : Math.Abs(high) * 0.1;
            (low, high) = (low - room, high + room);
        }
        var step = RoundStep((high - low) / wanted);
        if (whole) step = Math.Max(1, step);
        return round ? new(Math.Floor((low / step) + 1e-9) * step, Math.Ceiling((high / step) - 1e-9) * step, step) : new(low, high, step);
    }

    /// <summary>A tick's number, with as many digits as its neighbours need to differ.</summary>
    internal string Label(double tick)
    {
        if (Math.Abs(tick) < Step * 1e-6) return "0";
        var magnitude = Math.Max(Math.Abs(Low), Math.Abs(High));
        if (magnitude is >= 1e6 or < 1e-4) return tick.ToString("0.##e0", CultureInfo.InvariantCulture);
        var digits = Math.Max(0, (int)-Math.Floor(Math.Log10(Step) + 1e-9));
        return tick.ToString("N" + digits, CultureInfo.InvariantCulture);
    }

    private static double RoundStep(double raw)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var factor = raw / power;
        return power * (factor <= 1.0000001 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }
}
