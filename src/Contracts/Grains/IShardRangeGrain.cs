using Dpvr.Contracts.Shards;

namespace Dpvr.Contracts.Grains;

/// <summary>1,024 shards of a job; key <c>{job}/{range}</c>. Called by the job's grain alone. Every call may be repeated.</summary>
[Alias("dpvr.range")]
public interface IShardRangeGrain : IGrainWithStringKey
{
    /// <summary>Gives out a shard, with the range's state after that.</summary>
    /// <param name="worker">The worker's name.</param>
    /// <param name="backup">Set at the job's tail: a straggler's shard may be given out a second time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("lease")]
    Task<RangeReply> LeaseAsync(string worker, BackupRule? backup = null, CancellationToken cancellationToken = default);

    /// <summary>Prolongs a lease.</summary>
    [Alias("heartbeat")]
    Task<LeaseState> HeartbeatAsync(ShardId shard, int attempt, string token);

    /// <summary>Takes note of an attempt's end.</summary>
    [Alias("report")]
    Task<RangeReply> ReportAsync(ShardId shard, int attempt, string token, AttemptReport report);

    /// <summary>Ends expired leases and gives the range's state.</summary>
    [Alias("status")]
    Task<RangeReply> StatusAsync();
}
