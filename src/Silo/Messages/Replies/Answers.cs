using System.Text.Json;
using Dpvr.Silo.Intake;
using MassTransit;

namespace Dpvr.Silo.Messages.Replies;

/// <summary>Sends answers and events. When a call returns, the broker has it.</summary>
internal sealed class Answers(IBus bus, IServiceProvider services)
{
    private readonly BrokerConnection? _broker = services.GetService<BrokerConnection>(); // there is none where messages stay in this process

    public Task PublishAsync<T>(T message, CancellationToken cancellationToken) where T : class => bus.Publish(message, cancellationToken);

    public async Task SendAsync<T>(ReplyTo to, T message, CancellationToken cancellationToken) where T : class
    {
        if (to.Queue is { } queue)
        {
            var broker = _broker ?? throw new InvalidOperationException($"There is no broker to reach the queue {queue} by.");
            await broker.SendAsync(queue, to.Native, typeof(T).Name, JsonSerializer.SerializeToUtf8Bytes(message, JobRequest.Json), cancellationToken);
            return;
        }
        var endpoint = await bus.GetSendEndpoint(new Uri(to.Address!));
        await endpoint.Send(message, context => (context.RequestId, context.CorrelationId) = (to.Request, to.Correlation), cancellationToken);
    }

    /// <summary>To whoever asked for an answer; else to whoever listens.</summary>
    public Task TellAsync<T>(ReplyTo? to, T message, CancellationToken cancellationToken) where T : class =>
        to is null ? PublishAsync(message, cancellationToken) : SendAsync(to, message, cancellationToken);
}
