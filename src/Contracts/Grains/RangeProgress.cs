using System.Text.Json.Serialization;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Contracts.Grains;

/// <summary>Sums over a range, recomputed from its completion markers: absolute, so that a repeated or lost message changes nothing.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.RangeProgress")]
public sealed record RangeProgress
{
    /// <summary>The range.</summary>
    [Id(0)] public required int Range { get; init; }

    /// <summary>Planned shards of the range.</summary>
    [Id(1)] public int Shards { get; init; }

    /// <summary>Planned shards of which every item has ended.</summary>
    [Id(2)] public int ShardsDone { get; init; }

    /// <summary>Shards and parts that can be given out now.</summary>
    [Id(3)] public int Pending { get; init; }

    /// <summary>Shards and parts on lease.</summary>
    [Id(4)] public int Leased { get; init; }

    /// <summary>Pictures whose shard is committed.</summary>
    [Id(5)] public long ImagesDone { get; init; }

    /// <summary>Pictures that were committed when this activation read the store.</summary>
    [Id(6)] public long ImagesAdopted { get; init; }

    /// <summary>Requests by outcome.</summary>
    [Id(7)] public Counts Requests { get; init; } = new();

    /// <summary>Refused late writes.</summary>
    [Id(8)] public long StaleCommits { get; init; }

    /// <summary>Prompt tokens.</summary>
    [Id(9)] public long PromptTokens { get; init; }

    /// <summary>Tokens made.</summary>
    [Id(10)] public long CompletionTokens { get; init; }

    /// <summary>The activation that says so, at random.</summary>
    [Id(11), JsonIgnore] public long Activation { get; init; }

    /// <summary>Number of this answer within its activation: of two that cross on the way the higher is newer.</summary>
    [Id(12), JsonIgnore] public long Sequence { get; init; }

    /// <summary>True when nothing of the range is left to do.</summary>
    [JsonIgnore]
    public bool IsComplete => ShardsDone == Shards;
}
