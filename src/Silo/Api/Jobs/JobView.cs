using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>A job as callers see it. Paths of the server are not in it.</summary>
public sealed record JobView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>job</c>.</summary>
    public string Object { get; init; } = "job";

    /// <summary>Where it stands, in the words of OpenAI's batches.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>True when it gives out no work until it is resumed.</summary>
    public bool Paused { get; init; }

    /// <summary>When it was submitted; null when it came another way.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The source in the submitter's words.</summary>
    public string? Source { get; init; }

    /// <summary>The model's name.</summary>
    public string? Model { get; init; }

    /// <summary>The routing, as <c>dpvr-lf</c> or <c>dense/64</c>.</summary>
    public string? Routing { get; init; }

    /// <summary>The prompts.</summary>
    public IReadOnlyList<PromptSpec>? Prompts { get; init; }

    /// <summary>Pictures; found so far while it is <c>validating</c>.</summary>
    public long Images { get; init; }

    /// <summary>Pictures whose shard is committed.</summary>
    public long ImagesDone { get; init; }

    /// <summary>Requests (picture × prompt) by how they ended.</summary>
    public required Counts Requests { get; init; }

    /// <summary>Shards of the plan.</summary>
    public int Shards { get; init; }

    /// <summary>Shards that have ended.</summary>
    public int ShardsDone { get; init; }

    /// <summary>Shards in work.</summary>
    public int Leased { get; init; }

    /// <summary>Writes refused because another attempt had committed before.</summary>
    public long StaleCommits { get; init; }

    /// <summary>Tokens read for the answers.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens made for the answers.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>Share of accelerator time.</summary>
    public double Weight { get; init; }

    /// <summary>Higher comes first.</summary>
    public int Priority { get; init; }

    /// <summary>Why it failed, or paused by itself.</summary>
    public ItemError? Error { get; init; }

    /// <summary>The submitter's own data.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
