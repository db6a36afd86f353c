namespace Dpvr.Cli.Eval;

/// <summary>So many of so many, with the 95 % confidence interval of the share (Wilson's, which holds near 0 and 1 and for few).</summary>
/// <param name="Right">How many are right.</param>
/// <param name="Count">Of how many.</param>
internal readonly record struct Proportion(int Right, int Count)
{
    private const double Z = 1.959963984540054;

    /// <summary>0…1; NaN of none.</summary>
    public double Share => Count == 0 ? double.NaN : (double)Right / Count;

    /// <summary>Lower end of the interval; 0 of none.</summary>
    public double Low => Count == 0 ? 0 : Math.Max(0, Centre - Reach);

    /// <summary>Upper end of the interval; 1 of none.</summary>
    public double High => Count == 0 ? 1 : Math.Min(1, Centre + Reach);

    private double Centre => (Share + (Z * Z / (2 * Count))) / (1 + (Z * Z / Count));

    private double Reach => Z / (1 + (Z * Z / Count)) * Math.Sqrt((Share * (1 - Share) / Count) + (Z * Z / (4.0 * Count * Count)));

    public static Proportion operator +(Proportion a, Proportion b) => new(a.Right + b.Right, a.Count + b.Count);

    public Proportion With(bool right) => new(Right + (right ? 1 : 0), Count + 1);

    public static Proportion Of(IEnumerable<bool> all) => all.Aggregate(default(Proportion), (sum, right) => sum.With(right));
}
