namespace Dpvr.Contracts.Jobs;

/// <summary>The blob <c>plan.json</c>, written after the plan's lines: with it the plan exists and never changes.</summary>
public sealed record JobPlan
{
    /// <summary>The job.</summary>
    public required JobId Job { get; init; }

    /// <summary>Pictures.</summary>
    public required long Images { get; init; }

    /// <summary>Requests: pictures × prompts.</summary>
    public required long Requests { get; init; }

    /// <summary>Pictures of a shard (the last may have fewer).</summary>
    public required int ShardSize { get; init; }

    /// <summary>Planned shards.</summary>
    public required int Shards { get; init; }

    /// <summary>SHA-256 over the listing (ids, locators, sizes, versions): says whether the source has changed.</summary>
    public required string ListingSha256 { get; init; }
}
