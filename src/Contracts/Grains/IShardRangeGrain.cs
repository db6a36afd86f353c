using Dpvr.Contracts.Shards;

namespace Dpvr.Contracts.Grains;

/// <summary>1,024 shards of a job; key <c>{job}/{range}</c>. Called by the job's grain alone. Every call may be repeated.</summary>
[Alias("dpvr.range")]
public interface IShardRangeGrain : IGrainWithStringKey
{
    /// <summary>Gives out a shard, with the range's state after that.</summary>
    [Alias("lease")]
    Task<RangeReply> LeaseAsync(string worker, CancellationToken cancellationToken = default);

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
