namespace Dpvr.Contracts.Shards;

/// <summary>The blob <c>plan/{range}.index.json</c>: where each shard's lines stand in <c>plan/{range}.jsonl</c>.</summary>
public sealed record PlanIndex
{
    /// <summary>Number of the first shard.</summary>
    public required int FirstShard { get; init; }

    /// <summary>Byte offsets: one a shard, and the end.</summary>
    public required IReadOnlyList<long> Offsets { get; init; }

    /// <summary>Items of each shard.</summary>
    public required IReadOnlyList<int> Items { get; init; }
}
