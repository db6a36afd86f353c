using Dpvr.Workers.Waits;

namespace Dpvr.Cli.Progress;

/// <summary>How fast a run is, over its last seconds, and when it will end at that speed.</summary>
internal sealed record RunRates(double ImagesPerSecond, double TokensPerSecond, TimeSpan? Remaining, IReadOnlyDictionary<WaitCause, double> WaitShares)
{
    public static RunRates None { get; } = new(0, 0, null, new Dictionary<WaitCause, double>());
}
