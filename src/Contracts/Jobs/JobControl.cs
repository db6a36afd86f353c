using Dpvr.Contracts.Results;

namespace Dpvr.Contracts.Jobs;

/// <summary>The blob <c>control.json</c>: what people asked of a job.</summary>
public sealed record JobControl
{
    /// <summary>No new leases.</summary>
    public bool Paused { get; init; }

    /// <summary>Stop for good.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>Why it paused by itself.</summary>
    public ItemError? Error { get; init; }

    /// <summary>Share set while it ran; null leaves what the specification says.</summary>
    public double? Weight { get; init; }

    /// <summary>Priority set while it ran; null leaves what the specification says.</summary>
    public int? Priority { get; init; }
}
