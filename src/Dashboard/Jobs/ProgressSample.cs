namespace Dpvr.Dashboard.Jobs;

/// <summary>Where a job stood at a moment.</summary>
/// <param name="At">The moment.</param>
/// <param name="ImagesDone">Pictures done.</param>
public sealed record ProgressSample(DateTimeOffset At, long ImagesDone);
