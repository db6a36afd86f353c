using Dpvr.Contracts.Results;

namespace Dpvr.Contracts.Shards;

/// <summary>A worker's last word on a lease.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.AttemptReport")]
public sealed record AttemptReport
{
    /// <summary>How it ended: <see cref="AttemptOutcome.Committed"/>, <see cref="AttemptOutcome.Stale"/>, <see cref="AttemptOutcome.Failed"/> or <see cref="AttemptOutcome.Released"/>.</summary>
    [Id(0)] public required AttemptOutcome Outcome { get; init; }

    /// <summary>Why it failed.</summary>
    [Id(1)] public ItemError? Error { get; init; }

    /// <summary>Seconds of accelerator time used, for fair share.</summary>
    [Id(2)] public double EngineSeconds { get; init; }
}
