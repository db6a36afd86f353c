using System.Diagnostics;

namespace Dpvr.Model.Layers;

/// <summary>
/// Where the calling thread's time goes: matrix products and attention; what is left of a step is norms, activations, copies and the host.
/// On a CPU, where operations end before they return; on a GPU it counts only what the host waits for.
/// </summary>
internal static class ComputeClock
{
    [ThreadStatic]
    private static ComputeTime _total;

    /// <summary>Everything since the thread began.</summary>
    internal static ComputeTime Total => _total;

    internal static long Start() => Stopwatch.GetTimestamp();

    internal static void Product(long start, double flops) =>
        _total = _total with { ProductSeconds = _total.ProductSeconds + Stopwatch.GetElapsedTime(start).TotalSeconds, ProductFlops = _total.ProductFlops + flops };

    internal static void Attention(long start) =>
        _total = _total with { AttentionSeconds = _total.AttentionSeconds + Stopwatch.GetElapsedTime(start).TotalSeconds };
}
