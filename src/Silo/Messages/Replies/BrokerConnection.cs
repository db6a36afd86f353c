using Dpvr.Silo.Messages.Hosting;
using RabbitMQ.Client;

namespace Dpvr.Silo.Messages.Replies;

/// <summary>A connection of our own beside the bus's, for what the bus does not do: answers straight to a queue that we do not own, and counting. Opened when it is needed.</summary>
internal sealed class BrokerConnection(BusAddress address) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private IConnection? _connection;
    private IChannel? _channel;

    /// <summary>Sends JSON to a queue by its name and waits until the broker has it. A queue that is gone is no error: nobody waits any more.</summary>
    public async Task SendAsync(string queue, string? correlation, string type, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties { ContentType = "application/json", Type = type, CorrelationId = correlation, DeliveryMode = DeliveryModes.Persistent };
        var channel = await ChannelAsync(cancellationToken);
        await channel.BasicPublishAsync("", queue, mandatory: false, properties, body, cancellationToken);
    }

    /// <summary>A new channel, for the caller to dispose of.</summary>
    public async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return await (await ConnectAsync(cancellationToken)).CreateChannelAsync(null, cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null) await _channel.DisposeAsync();
        if (_connection is not null) await _connection.DisposeAsync();
        _opening.Dispose();
    }

    private async Task<IChannel> ChannelAsync(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true } open) return open;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_channel is { IsOpen: true } other) return other;
            if (_channel is not null) await _channel.DisposeAsync();
            _channel = null;
            var connection = await ConnectAsync(cancellationToken);
            // Each call then waits for its own confirmation.
            return _channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is { IsOpen: true } open) return open;
        if (_connection is not null) await _connection.DisposeAsync();
        _connection = null;
        var factory = new ConnectionFactory
        {
            HostName = address.Host, Port = address.Port, VirtualHost = address.VirtualHost, UserName = address.User, Password = address.Password,
            AutomaticRecoveryEnabled = false, // the next call opens another: none waits for a recovery that may not come
            ClientProvidedName = "dpvr answers",
        };
        if (address.IsSecure) factory.Ssl = new SslOption(address.Host) { Enabled = true };
        return _connection = await factory.CreateConnectionAsync(cancellationToken);
    }
}
