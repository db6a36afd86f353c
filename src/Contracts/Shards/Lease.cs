using Dpvr.Contracts.Jobs;

namespace Dpvr.Contracts.Shards;

/// <summary>The right to try a shard once. It only avoids double work: what commits is decided by the store alone.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.Lease")]
public sealed record Lease
{
    /// <summary>The job.</summary>
    [Id(0)] public required JobId Job { get; init; }

    /// <summary>The shard or part.</summary>
    [Id(1)] public required ShardId Shard { get; init; }

    /// <summary>Number of this attempt, from 1, never given twice for a shard.</summary>
    [Id(2)] public required int Attempt { get; init; }

    /// <summary>Random; proves that a marker was made under this lease.</summary>
    [Id(3)] public required string Token { get; init; }

    /// <summary>Where the shard's items stand.</summary>
    [Id(4)] public required PlanSlice Plan { get; init; }

    /// <summary>Without a heartbeat for this long the shard goes to another worker. Send one every third of it.</summary>
    [Id(5)] public required TimeSpan Duration { get; init; }

    /// <summary>When it ends without a heartbeat; for people, since clocks differ.</summary>
    [Id(6)] public DateTimeOffset Deadline { get; init; }

    /// <summary>True when an earlier attempt on these items was lost: run nothing else beside it, so that a crash accuses the right one.</summary>
    [Id(7)] public bool Suspect { get; init; }

    /// <summary>The engine it needs (<see cref="EngineKeys.Of"/>): shards of another engine are finished first.</summary>
    [Id(8)] public string Engine { get; init; } = "";
}
