using Dpvr.Contracts.Jobs;

namespace Dpvr.Dashboard.Jobs;

/// <summary>A job on its own page.</summary>
public sealed record JobDetail
{
    /// <summary>What the list shows of it.</summary>
    public required JobRow Row { get; init; }

    /// <summary>Its prompts.</summary>
    public required IReadOnlyList<PromptSpec> Prompts { get; init; }

    /// <summary>How tokens are chosen.</summary>
    public required SamplingSpec Sampling { get; init; }

    /// <summary>Attempts after which an item is given up.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>Pictures of a shard; 0 before the plan.</summary>
    public int ShardSize { get; init; }

    /// <summary>Pictures done over time, since somebody first looked.</summary>
    public IReadOnlyList<ProgressSample> Throughput { get; init; } = [];

    /// <summary>Accelerator-seconds of what is committed.</summary>
    public double EngineSeconds { get; init; }

    /// <summary>Committed shards that were not read yet for <see cref="EngineSeconds"/> and <see cref="Failures"/>.</summary>
    public int UnreadShards { get; init; }

    /// <summary>What failed, by code.</summary>
    public IReadOnlyList<FailureGroup> Failures { get; init; } = [];

    /// <summary>What happened to it while somebody looked, newest first.</summary>
    public IReadOnlyList<JobEvent> Events { get; init; } = [];

    /// <summary>Files of results that can be fetched.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>True when nothing of it will change any more.</summary>
    public bool IsSettled => Row.HasEnded && UnreadShards == 0;
}
