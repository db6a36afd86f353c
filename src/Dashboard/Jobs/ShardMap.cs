using Dpvr.Contracts.Shards;

namespace Dpvr.Dashboard.Jobs;

/// <summary>A range of a job's shards.</summary>
/// <param name="Range">Its number.</param>
/// <param name="Ranges">Ranges of the job.</param>
/// <param name="Cells">Its shards.</param>
/// <param name="Attempts">The attempts that are open or ended otherwise than by a commit, the latest first; at most 100.</param>
/// <param name="IsSettled">True when nothing of it will change any more.</param>
public sealed record ShardMap(int Range, int Ranges, IReadOnlyList<ShardCell> Cells, IReadOnlyList<AttemptRecord> Attempts, bool IsSettled);
