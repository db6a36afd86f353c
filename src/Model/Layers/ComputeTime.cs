namespace Dpvr.Model.Layers;

/// <summary>Time by kind of work.</summary>
/// <param name="ProductSeconds">In matrix products with weights.</param>
/// <param name="ProductFlops">Their operations.</param>
/// <param name="AttentionSeconds">In attention.</param>
public readonly record struct ComputeTime(double ProductSeconds, double ProductFlops, double AttentionSeconds)
{
    public static ComputeTime operator +(ComputeTime a, ComputeTime b) =>
        new(a.ProductSeconds + b.ProductSeconds, a.ProductFlops + b.ProductFlops, a.AttentionSeconds + b.AttentionSeconds);

    public static ComputeTime operator -(ComputeTime a, ComputeTime b) =>
        new(a.ProductSeconds - b.ProductSeconds, a.ProductFlops - b.ProductFlops, a.AttentionSeconds - b.AttentionSeconds);
}
