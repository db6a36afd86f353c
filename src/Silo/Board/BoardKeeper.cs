using Dpvr.Contracts.Grains;
using Dpvr.Silo.Hosting;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Board;

/// <summary>Runs on every silo and keeps the board alive: with no worker connected, and after the death of any silo, jobs are planned, leases end and jobs finish.</summary>
internal sealed partial class BoardKeeper(IGrainFactory grains, IOptions<DpvrSiloOptions> options, [FromKeyedServices(DpvrSilo.Clock)] TimeProvider time, ILogger<BoardKeeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.KeepInterval, time);
        do
        {
            try
            {
                await grains.GetGrain<IJobBoardGrain>(0).TendAsync().WaitAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // A silo that died, or one that is being declared dead: the next round finds the board elsewhere.
                LogMissed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1301, LogLevel.Warning, "The board could not be reached; it is tried again")]
    private static partial void LogMissed(ILogger logger, Exception exception);
}
