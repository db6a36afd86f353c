using Dpvr.Contracts.Grains;
using Dpvr.Silo.Messages.Hosting;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages.Windows;

/// <summary>
/// Takes pictures from their queue, as many at once as the engines' slots ask for. A channel keeps what it was opened with, so that it is opened anew when they ask for more; when
/// they ask for less, fewer windows are opened and it stays. What was handed out is finished first: nothing comes twice for it. A change that fails is made at the next look.
/// </summary>
internal sealed partial class PictureQueue(IReceiveEndpointConnector connector, IGrainFactory grains, WindowRoom room, IOptions<BusOptions> options, TimeProvider time, ILogger<PictureQueue> logger) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);
    private HostReceiveEndpointHandle? _open;
    private int _opened;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        Open();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var workers = await grains.GetGrain<IWorkerDirectoryGrain>(0).ListAsync().WaitAsync(stoppingToken);
                await FollowAsync(workers.Sum(static worker => worker.Report.Slots), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogMissed(logger, e); // the cluster or the broker is away: what is open stays
            }
        }
    }

    internal async Task FollowAsync(int slots, CancellationToken cancellationToken)
    {
        var windows = options.Value.WindowsFor(slots);
        if (windows != room.Size)
        {
            LogFollowing(logger, windows);
            room.Resize(windows);
        }
        if (windows > _opened) await OpenAnewAsync(cancellationToken);
    }

    // Once it is asked to stop, the bus no longer knows it: whatever fails from there on must end with a new one, or nothing is ever taken again.
    private async Task OpenAnewAsync(CancellationToken cancellationToken)
    {
        if (_opened > 0) await _open!.Ready.WaitAsync(cancellationToken);
        _opened = 0; // asks the next look to try again, until it is open
        await _open!.StopAsync(cancellationToken);
        Open();
        await _open!.Ready.WaitAsync(cancellationToken);
    }

    private void Open()
    {
        _open = connector.ConnectReceiveEndpoint(QueueNames.CaptionImage, static (context, endpoint) => endpoint.ConfigureConsumer<CaptionImageConsumer>(context));
        _opened = room.Size;
    }

    [LoggerMessage(1723, LogLevel.Information, "Up to {Windows} windows of single pictures are open at once now, by the engines' slots")]
    private static partial void LogFollowing(ILogger logger, int windows);

    [LoggerMessage(1724, LogLevel.Warning, "The engines' slots could not be followed; it is tried again")]
    private static partial void LogMissed(ILogger logger, Exception exception);
}
