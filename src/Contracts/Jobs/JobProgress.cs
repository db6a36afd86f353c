using Dpvr.Contracts.Results;

namespace Dpvr.Contracts.Jobs;

/// <summary>A job's state at one moment.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.JobProgress")]
public sealed record JobProgress
{
    /// <summary>The job.</summary>
    [Id(0)] public required JobId Job { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(1)] public JobStatus Status { get; init; }

    /// <summary>True when no new work is given out until someone resumes it.</summary>
    [Id(2)] public bool Paused { get; init; }

    /// <summary>Pictures of the plan; while <see cref="JobStatus.Validating"/>: found so far.</summary>
    [Id(3)] public long Images { get; init; }

    /// <summary>Pictures whose shard is committed.</summary>
    [Id(4)] public long ImagesDone { get; init; }

    /// <summary>Requests (picture × prompt), recomputed from the completion markers.</summary>
    [Id(5)] public Counts Requests { get; init; } = new();

    /// <summary>Planned shards.</summary>
    [Id(6)] public int Shards { get; init; }

    /// <summary>Planned shards that have ended.</summary>
    [Id(7)] public int ShardsDone { get; init; }

    /// <summary>Leases held now.</summary>
    [Id(8)] public int Leased { get; init; }

    /// <summary>Writes refused because another attempt had committed before (I5).</summary>
    [Id(9)] public long StaleCommits { get; init; }

    /// <summary>Prompt tokens of the committed answers.</summary>
    [Id(10)] public long PromptTokens { get; init; }

    /// <summary>Tokens made for the committed answers.</summary>
    [Id(11)] public long CompletionTokens { get; init; }

    /// <summary>Why the job failed, or why it is paused when nobody asked for it (<c>output_full</c> …).</summary>
    [Id(12)] public ItemError? Error { get; init; }

    /// <summary>Pictures done before this process took the job up.</summary>
    [Id(13)] public long ImagesAdopted { get; init; }

    /// <summary>Share of accelerator time against other jobs of the same priority.</summary>
    [Id(14)] public double Weight { get; init; } = 1;

    /// <summary>Higher comes first, strictly.</summary>
    [Id(15)] public int Priority { get; init; }
}
