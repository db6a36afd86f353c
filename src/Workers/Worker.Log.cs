using Microsoft.Extensions.Logging;

namespace Dpvr.Workers;

internal sealed partial class Worker
{
    [LoggerMessage(1, LogLevel.Warning, "No lease could be asked for; trying again")]
    private partial void LogNoLease(Exception e);

    [LoggerMessage(2, LogLevel.Information, "Draining: {Shards} shards in hand")]
    private partial void LogDraining(int shards);

    [LoggerMessage(3, LogLevel.Error, "A shard ended without an outcome")]
    private partial void LogRunnerFault(Exception e);
}
