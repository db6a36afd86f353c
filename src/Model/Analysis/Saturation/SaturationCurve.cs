namespace Dpvr.Model.Analysis.Saturation;

/// <summary>How much text looks at the picture, layer by layer, averaged over pictures.</summary>
/// <param name="Pictures">How many pictures.</param>
/// <param name="Mass">Mean attention mass of each layer, 0…1.</param>
/// <param name="Deviation">Standard deviation over the pictures.</param>
public sealed record SaturationCurve(int Pictures, IReadOnlyList<double> Mass, IReadOnlyList<double> Deviation)
{
    /// <summary>Averages one curve a picture.</summary>
    /// <param name="curves">At least one; all of the same length.</param>
    internal static SaturationCurve Of(IReadOnlyList<float[]> curves)
    {
        var layers = curves[0].Length;
        double[] mean = [.. Enumerable.Range(0, layers).Select(l => curves.Average(c => (double)c[l]))];
        double[] deviation = [.. Enumerable.Range(0, layers).Select(l => Math.Sqrt(curves.Average(c => Math.Pow(c[l] - mean[l], 2))))];
        return new(curves.Count, mean, deviation);
    }
}
