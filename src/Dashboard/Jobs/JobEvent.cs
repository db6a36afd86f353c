namespace Dpvr.Dashboard.Jobs;

/// <summary>Something that happened to a job.</summary>
/// <param name="At">When it was seen.</param>
/// <param name="What">In words.</param>
public sealed record JobEvent(DateTimeOffset At, string What);
