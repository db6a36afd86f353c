using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;

namespace Dpvr.Silo.Jobs;

internal sealed partial class JobGrain
{
    [LoggerMessage(1001, LogLevel.Information, "Job {Job}: planned {Images} pictures in {Shards} shards")]
    private static partial void LogPlanned(ILogger logger, JobId job, long images, int shards);

    [LoggerMessage(1002, LogLevel.Information, "Job {Job}: {Status}, {Succeeded} succeeded, {Failed} failed")]
    private static partial void LogEnded(ILogger logger, JobId job, JobStatus status, long succeeded, long failed);

    [LoggerMessage(1003, LogLevel.Error, "Job {Job}: paused, resumable ({Code}): {Reason}")]
    private static partial void LogPaused(ILogger logger, JobId job, string code, string reason);

    [LoggerMessage(1004, LogLevel.Error, "Job {Job}: a fault of the coordinator")]
    private static partial void LogFault(ILogger logger, Exception exception, JobId job);

    [LoggerMessage(1005, LogLevel.Warning, "Job {Job}: another activation changed it; this one reads the store again and ends")]
    private static partial void LogSuspect(ILogger logger, JobId job);

    [LoggerMessage(1006, LogLevel.Information, "Job {Job}: trying again after {Code}")]
    private static partial void LogTryingAgain(ILogger logger, JobId job, string code);

    [LoggerMessage(1007, LogLevel.Information, "Job {Job}: shard {Shard} is slow; worker {Worker} tries it too")]
    private static partial void LogBackup(ILogger logger, JobId job, ShardId shard, string worker);
}
