using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Dpvr.Messages.Tests;

/// <summary>A program that knows AMQP and JSON, and nothing of the bus: sends with confirmation, and has a queue for what comes back.</summary>
internal sealed class Sender : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    private readonly IConnection _connection;
    private readonly ConcurrentQueue<(JsonElement Body, IReadOnlyBasicProperties Properties)> _came = new();
    private readonly SemaphoreSlim _news = new(0);

    private Sender(IConnection connection, IChannel channel, string queue) => (_connection, Channel, Queue) = (connection, channel, queue);

    public IChannel Channel { get; }

    public string Queue { get; }

    /// <param name="broker">Where.</param>
    /// <param name="events">Events to listen to.</param>
    public static async Task<Sender> ConnectAsync(string broker, params string[] events)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(broker), AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        foreach (var name in events)
        {
            await channel.QueueBindAsync(queue, $"Dpvr.Contracts.Messages:{name}", "");
        }
        var sender = new Sender(connection, channel, queue);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, e) =>
        {
            var body = JsonDocument.Parse(Encoding.UTF8.GetString(e.Body.Span)).RootElement;
            sender._came.Enqueue((body.TryGetProperty("message", out var inner) ? inner : body, new BasicProperties(e.BasicProperties)));
            sender._news.Release();
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        return sender;
    }

    /// <summary>Sends to a queue; returns when the broker has it.</summary>
    public async Task SendAsync(string queue, string body, string? correlation = null, bool replies = true, string? messageId = null, string type = "application/json") =>
        await Channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties
        {
            ContentType = type, DeliveryMode = DeliveryModes.Persistent, CorrelationId = correlation, MessageId = messageId, ReplyTo = replies ? Queue : null,
        }, Encoding.UTF8.GetBytes(body));

    /// <summary>The next that comes and fits; what does not fit is let go.</summary>
    public async Task<(JsonElement Body, IReadOnlyBasicProperties Properties)> NextAsync(Func<JsonElement, bool>? fits = null)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            await _news.WaitAsync(patience.Token);
            if (_came.TryDequeue(out var came) && fits?.Invoke(came.Body) != false) return came;
        }
    }

    /// <summary>True when somebody made the queue and takes messages from it. A quorum queue that was only just made refuses them.</summary>
    public async Task<bool> IsTakenAsync(string queue) => await FindAsync(queue) is { ConsumerCount: > 0 };

    /// <summary>Messages that wait in a queue; 0 when there is none.</summary>
    public async Task<uint> CountAsync(string queue) => (await FindAsync(queue))?.MessageCount ?? 0;

    /// <summary>Takes one message from a queue; null when it is empty.</summary>
    public Task<BasicGetResult?> TakeAsync(string queue) => Channel.BasicGetAsync(queue, autoAck: true);

    public Task<IChannel> OpenAsync() => _connection.CreateChannelAsync();

    private async Task<QueueDeclareOk?> FindAsync(string queue)
    {
        await using var channel = await _connection.CreateChannelAsync();
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue);
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await _connection.DisposeAsync();
        _news.Dispose();
    }
}
