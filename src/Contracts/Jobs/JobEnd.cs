using Dpvr.Contracts.Results;

namespace Dpvr.Contracts.Jobs;

/// <summary>The blob <c>finished.json</c>: creating it (If-None-Match: *) decides the one terminal status.</summary>
public sealed record JobEnd
{
    /// <summary>The terminal status.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>Requests by outcome.</summary>
    public required Counts Requests { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Why it failed.</summary>
    public ItemError? Error { get; init; }

    /// <summary>Where it stood at its end, so that nobody needs to read its shards again to show it.</summary>
    public JobProgress? Progress { get; init; }
}
