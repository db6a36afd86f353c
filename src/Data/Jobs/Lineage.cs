using Dpvr.Contracts.Shards;

namespace Dpvr.Data.Jobs;

/// <summary>A planned shard's markers as the tree that splitting made: which markers hold its data, in order, and whether every item has one.</summary>
public static class Lineage
{
    /// <summary>The parts that a split makes.</summary>
    /// <param name="shard">The shard or part that was split.</param>
    /// <param name="items">Items of the planned shard.</param>
    /// <param name="into">Items of each part.</param>
    public static IEnumerable<ShardId> Parts(ShardId shard, int items, int into)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(into, 1);
        var end = shard.First + CountOf(shard, items);
        for (var first = shard.First; first < end; first += into) yield return shard.Part(first, Math.Min(into, end - first));
    }

    /// <summary>Items of a shard or part.</summary>
    public static int CountOf(ShardId shard, int items) => shard.IsWhole ? items : shard.Count;

    /// <summary>The shards and parts that are not split, in the plan's order, each with its marker if it is done.</summary>
    public static IEnumerable<(ShardId Shard, DoneMarker? Marker)> Leaves(ShardId shard, int items, IReadOnlyDictionary<ShardId, DoneMarker> markers)
    {
        ArgumentNullException.ThrowIfNull(markers);
        if (markers.TryGetValue(shard, out var marker) && marker.SplitInto > 0)
        {
            foreach (var part in Parts(shard, items, marker.SplitInto))
                foreach (var leaf in Leaves(part, items, markers))
                    yield return leaf;
        }
        else
            yield return (shard, marker);
    }
}
