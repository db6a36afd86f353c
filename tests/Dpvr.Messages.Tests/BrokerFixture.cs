using Dpvr.TestKit.Servers;

namespace Dpvr.Messages.Tests;

/// <summary>A RabbitMQ, and a <c>dpvr serve</c> that takes messages from it.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    /// <summary>Deliveries after which a message is dead.</summary>
    public const int DeliveryLimit = 3;

    private readonly TempFolder _folder = new();
    private BusHost? _host;
    private RabbitServer? _broker;

    internal BusHost Host => _host ?? throw new InvalidOperationException("There is no broker.");

    /// <summary>The broker.</summary>
    public RabbitServer Broker => _broker ?? throw new InvalidOperationException("There is no broker.");

    /// <summary>A root with one picture.</summary>
    public string One => _folder.Of("one");

    /// <summary>Skips the test where no broker can be had.</summary>
    public static void Require() => Assert.SkipUnless(RabbitServer.Missing is null, RabbitServer.Missing ?? "");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (RabbitServer.Missing is not null) return;
        Directory.CreateDirectory(One);
        File.Copy(Path.Combine(BusHost.Scenes, "test-000000.png"), Path.Combine(One, "test-000000.png"));
        _broker = await RabbitServer.StartAsync();
        _host = await BusHost.StartAsync(_folder.Of("store"), _broker.ConnectionString, new Dictionary<string, string> { ["one"] = One }, static o => o.DeliveryLimit = DeliveryLimit);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        if (_broker is not null) await _broker.DisposeAsync();
        _folder.Dispose();
    }
}
