using Dpvr.Contracts.Shards;

namespace Dpvr.Dashboard.Gallery;

/// <summary>Where the next page begins.</summary>
/// <param name="Shard">The shard or part.</param>
/// <param name="Item">Its item.</param>
public sealed record GalleryCursor(ShardId Shard, int Item);
