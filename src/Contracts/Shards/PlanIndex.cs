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

    /// <summary>Where the items of a shard or part stand.</summary>
    /// <param name="key">The plan blob.</param>
    /// <param name="shard">The shard or part, of this range.</param>
    public PlanSlice SliceOf(string key, ShardId shard)
    {
        var at = shard.Number - FirstShard;
        return new PlanSlice(key, Offsets[at], checked((int)(Offsets[at + 1] - Offsets[at])), shard.First, shard.IsWhole ? Items[at] : shard.Count);
    }
}
