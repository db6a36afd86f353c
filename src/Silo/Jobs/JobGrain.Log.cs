using Dpvr.Contracts.Jobs;

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
}
