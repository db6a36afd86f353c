using Dpvr.Contracts.Grains;
using Dpvr.Silo.Messages.Hosting;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages.Windows;

/// <summary>
/// Takes pictures from their queue, as many at once as the engines' slots ask for. A channel keeps what it was opened with, so that it is opened anew when they ask for more; when
/// they ask for less, fewer windows are opened and it stays. What was handed out is finished first: nothing comes twice for it.
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
                await FollowAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogMissed(logger, e); // the cluster or the broker is away: what is open stays
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var workers = await grains.GetGrain<IWorkerDirectoryGrain>(0).ListAsync().WaitAsync(cancellationToken);
        var windows = options.Value.WindowsFor(workers.Sum(static worker => worker.Report.Slots));
        if (windows == room.Size) return;
        LogFollowing(logger, windows);
        room.Resize(windows);
        if (windows <= _opened) return;
        await _open!.StopAsync(cancellationToken);
        Open();
        await _open!.Ready.WaitAsync(cancellationToken);
    }

    private void Open()
    {
        _opened = room.Size;
        _open = connector.ConnectReceiveEndpoint(QueueNames.CaptionImage, static (context, endpoint) => endpoint.ConfigureConsumer<CaptionImageConsumer>(context));
    }

    [LoggerMessage(1723, LogLevel.Information, "Up to {Windows} windows of single pictures are open at once now, by the engines' slots")]
    private static partial void LogFollowing(ILogger logger, int windows);

    [LoggerMessage(1724, LogLevel.Warning, "The engines' slots could not be asked for; it is tried again")]
    private static partial void LogMissed(ILogger logger, Exception exception);
}
