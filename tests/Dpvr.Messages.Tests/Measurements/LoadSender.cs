using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dpvr.Silo.Messages;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Dpvr.Messages.Tests.Measurements;

/// <summary>Sends pictures at a rate (a Poisson process with a fixed seed) and measures how long each waits for its answer.</summary>
internal sealed class LoadSender : IAsyncDisposable
{
    private const int Seed = 20261128;
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly string _queue;
    private readonly ConcurrentDictionary<string, long> _sent = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<TimeSpan> _waited = new();
    private readonly SemaphoreSlim _came = new(0);
    private int _number;

    private LoadSender(IConnection connection, IChannel channel, string queue) => (_connection, _channel, _queue) = (connection, channel, queue);

    public static async Task<LoadSender> ConnectAsync(string broker)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync();
        var sender = new LoadSender(connection, channel, (await channel.QueueDeclareAsync()).QueueName);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, e) =>
        {
            if (Encoding.UTF8.GetString(e.Body.Span).Contains("\"error\"", StringComparison.Ordinal)) throw new InvalidOperationException(Encoding.UTF8.GetString(e.Body.Span));
            if (!sender._sent.TryRemove(e.BasicProperties.CorrelationId!, out var at)) return Task.CompletedTask; // it came twice
            sender._waited.Enqueue(Stopwatch.GetElapsedTime(at));
            sender._came.Release();
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(sender._queue, autoAck: true, consumer);
        return sender;
    }

    public async Task<(double Rate, TimeSpan P50, TimeSpan P99, int Count)> RunAsync(IReadOnlyList<string> pictures, double rate)
    {
        _waited.Clear();
        var random = new Random(Seed);
        var bodies = pictures.Select(static p => $$"""{"data":"{{Convert.ToBase64String(File.ReadAllBytes(p))}}"}""").ToList();
        var begun = Stopwatch.GetTimestamp();
        var due = TimeSpan.Zero;
        foreach (var body in bodies)
        {
            if (double.IsFinite(rate))
            {
                due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / rate);
                var ahead = due - Stopwatch.GetElapsedTime(begun);
                if (ahead > TimeSpan.Zero) await Task.Delay(ahead);
            }
            var id = (++_number).ToString(CultureInfo.InvariantCulture);
            _sent[id] = Stopwatch.GetTimestamp();
            await _channel.BasicPublishAsync("", QueueNames.CaptionImage, mandatory: true, new BasicProperties { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent, CorrelationId = id, MessageId = id, ReplyTo = _queue }, Encoding.UTF8.GetBytes(body));
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        for (var i = 0; i < bodies.Count; i++) await _came.WaitAsync(patience.Token);
        var waited = _waited.Order().ToList();
        return (bodies.Count / Stopwatch.GetElapsedTime(begun).TotalSeconds, waited[waited.Count / 2], waited[(int)(waited.Count * 0.99)], waited.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
        _came.Dispose();
    }
}
