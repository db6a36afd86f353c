using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Microsoft.Extensions.Logging;

namespace Dpvr.Workers.Shards;

internal sealed partial class ShardRunner
{
    [LoggerMessage(101, LogLevel.Information, "{Job}: shard {Shard}, attempt {Attempt}: {Outcome} {Code} {Message}")]
    private partial void LogEnded(JobId job, ShardId shard, int attempt, AttemptOutcome outcome, string? code, string? message);

    [LoggerMessage(102, LogLevel.Error, "{Job}: shard {Shard}, attempt {Attempt} failed as a whole")]
    private partial void LogFailed(Exception e, JobId job, ShardId shard, int attempt);

    [LoggerMessage(103, LogLevel.Warning, "{Job}: no answer to the heartbeat of shard {Shard}: {Message}")]
    private partial void LogHeartbeatMissed(JobId job, ShardId shard, string message);

    [LoggerMessage(104, LogLevel.Warning, "{Job}: shard {Shard}, attempt {Attempt} is dropped: {State}")]
    private partial void LogDropped(JobId job, ShardId shard, int attempt, LeaseState state);

    [LoggerMessage(106, LogLevel.Error, "The engine could not be made")]
    private partial void LogNoEngine(Exception e);

    [LoggerMessage(105, LogLevel.Warning, "{Job}: the end of shard {Shard}, attempt {Attempt} could not be reported")]
    private partial void LogReportLost(Exception e, JobId job, ShardId shard, int attempt);
}
