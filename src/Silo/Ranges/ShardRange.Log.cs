using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;

namespace Dpvr.Silo.Ranges;

internal sealed partial class ShardRange
{
    [LoggerMessage(1101, LogLevel.Warning, "Job {Job}: shard {Shard} attempt {Attempt} came too late, its data was refused")]
    private static partial void LogStale(ILogger logger, JobId job, ShardId shard, int attempt);

    [LoggerMessage(1102, LogLevel.Warning, "Job {Job}: shard {Shard} attempt {Attempt} of worker {Worker} had no heartbeat in time")]
    private static partial void LogExpired(ILogger logger, JobId job, ShardId shard, int attempt, string worker);

    [LoggerMessage(1103, LogLevel.Warning, "Job {Job}: shard {Shard} is split into parts of {Items} to find what breaks it")]
    private static partial void LogSplit(ILogger logger, JobId job, ShardId shard, int items);

    [LoggerMessage(1104, LogLevel.Error, "Job {Job}: shard {Shard} is given up after {Failures} failed attempts ({Code})")]
    private static partial void LogGaveUp(ILogger logger, JobId job, ShardId shard, int failures, string code);
}
