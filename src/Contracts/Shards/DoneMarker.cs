using System.Text.Json.Serialization;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Contracts.Shards;

/// <summary>The blob <c>done/{range}/{shard}.json</c>. Creating it (If-None-Match: *) is the commit: whoever creates it wins.</summary>
public sealed record DoneMarker
{
    /// <summary>The shard or part.</summary>
    public required ShardId Shard { get; init; }

    /// <summary>The attempt whose data counts; 0 for a split.</summary>
    public required int Attempt { get; init; }

    /// <summary>The lease's token: a retried create recognises its own earlier success by it.</summary>
    public required string Token { get; init; }

    /// <summary>When above 0 the shard has no data: it was split into parts of this many items.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int SplitInto { get; init; }

    /// <summary>Key of the data file within the job; null for a split.</summary>
    public string? Data { get; init; }

    /// <summary>Records (lines) of the data file.</summary>
    public long Count { get; init; }

    /// <summary>Bytes of the data file.</summary>
    public long Bytes { get; init; }

    /// <summary>SHA-256 of the data file, lower-case hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Pictures of the shard.</summary>
    public long Images { get; init; }

    /// <summary>Records by outcome.</summary>
    public Counts Requests { get; init; } = new();

    /// <summary>Prompt tokens of the answers.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens made for the answers.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>Seconds of accelerator time.</summary>
    public double EngineSeconds { get; init; }
}
