using Dpvr.Contracts.Jobs;

namespace Dpvr.Chaos.Harness;

/// <summary>How a job is to end beside the invariants.</summary>
internal sealed record JobExpectation
{
    public JobStatus Status { get; init; } = JobStatus.Completed;

    /// <summary>Pictures that are to fail; every other one is a healthy neighbour (I7).</summary>
    public IReadOnlyCollection<string> Failing { get; init; } = [];

    /// <summary>Their code; null: any.</summary>
    public string? FailingCode { get; init; }

    /// <summary>Stale writes that must have been counted at least (I5).</summary>
    public int StaleAtLeast { get; init; }

    /// <summary>Failed or expired attempts that a shard may have at most, below the job's maximum; null: that alone counts (I3).</summary>
    public int? FailuresAtMost { get; init; }
}
