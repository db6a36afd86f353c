using Dpvr.Contracts.Jobs;

namespace Dpvr.Silo.Board;

internal sealed partial class JobBoardGrain
{
    [LoggerMessage(1201, LogLevel.Warning, "Job {Job} could not be asked for work")]
    private static partial void LogCannotAsk(ILogger logger, JobId job, Exception exception);

    [LoggerMessage(1202, LogLevel.Warning, "Job {Job} could not be moved on; it is tried again")]
    private static partial void LogCannotTend(ILogger logger, JobId job, Exception exception);

    [LoggerMessage(1203, LogLevel.Warning, "The store's jobs could not be listed; it is tried again")]
    private static partial void LogCannotList(ILogger logger, Exception exception);
}
