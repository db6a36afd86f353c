using Dpvr.Silo.Messages.Hosting;
using Dpvr.Silo.Messages.Replies;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Dpvr.Silo.Messages.Counts;

/// <summary>Counts the messages of the queues now and then.</summary>
internal sealed partial class QueueWatch(BrokerConnection broker, QueueCounts counts, BusInstruments instruments, IOptions<BusOptions> options, TimeProvider time, ILogger<QueueWatch> logger) : BackgroundService
{
    private const ushort NoSuchQueue = 404;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CountInterval, time);
        do
        {
            try
            {
                var found = await CountAsync(stoppingToken);
                counts.Set(found);
                instruments.Set(found);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogMissed(logger, e); // the last count stands
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<Dictionary<string, long>> CountAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        var channel = await broker.OpenAsync(cancellationToken);
        try
        {
            foreach (var queue in QueueNames.All.Concat(QueueNames.Troubled))
            {
                if (!channel.IsOpen)
                {
                    await channel.DisposeAsync();
                    channel = await broker.OpenAsync(cancellationToken);
                }
                try
                {
                    found[queue] = (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
                }
                catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == NoSuchQueue)
                {
                    found[queue] = 0; // made with its first message; the broker closes the channel with this answer
                }
            }
        }
        finally
        {
            await channel.DisposeAsync();
        }
        return found;
    }

    [LoggerMessage(1731, LogLevel.Warning, "The queues could not be counted; it is tried again")]
    private static partial void LogMissed(ILogger logger, Exception exception);
}
