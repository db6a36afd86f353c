namespace Dpvr.Model.Analysis.Saturation;

/// <summary>
/// Suggests a saturation layer: the first layer s (1 or later) such that in all layers s…L−2 the curve stays within <see cref="Tolerance"/>
/// of its mean over these layers. They are the layers that would become text-only; the last layer, L−1, does not count, because
/// there vision tokens are back. To be called flat, the stretch has at least <see cref="LeastLayers"/> layers: a short one always looks flat.
/// </summary>
public sealed record SaturationRule
{
    /// <summary>Largest distance from the mean, in attention mass. Default: 0.01, a hundredth of all attention.</summary>
    public double Tolerance { get; init; } = 0.01;

    /// <summary>Layers that the flat stretch needs at least, for a model of <paramref name="layers"/>: a quarter of them, and never fewer than 2.</summary>
    public static int LeastLayers(int layers) => Math.Max(2, (layers + 3) / 4);

    /// <returns>The suggestion, or null when no such layer exists: the curve is still moving, or the model has too few layers.</returns>
    public SaturationSuggestion? Suggest(IReadOnlyList<double> mass)
    {
        var last = mass.Count - 2;
        for (var s = 1; s + LeastLayers(mass.Count) - 1 <= last; s++)
        {
            var tail = mass.Skip(s).Take(last - s + 1).ToArray();
            var level = tail.Average();
            if (tail.All(m => Math.Abs(m - level) <= Tolerance)) return new SaturationSuggestion(s, last, level);
        }
        return null;
    }
}
