namespace Dpvr.Dashboard.Jobs;

/// <summary>A shard on the map.</summary>
/// <param name="Number">Its number.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Images">Its pictures.</param>
/// <param name="Failed">Requests of it that failed.</param>
/// <param name="Attempts">Attempts so far.</param>
public sealed record ShardCell(int Number, ShardState State, int Images, long Failed, int Attempts);
