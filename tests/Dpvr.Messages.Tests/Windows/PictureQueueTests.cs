using Dpvr.Silo.Messages.Hosting;
using Dpvr.Silo.Messages.Windows;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Dpvr.Messages.Tests.Windows;

public sealed class PictureQueueTests
{
    private const int Many = 4096;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Follow_WhenAChangeFails_MakesItAtTheNextLook(bool stopFails, bool openFails)
    {
        var bus = new Connector();
        var room = new WindowRoom(BusOptions.LeastWindows);
        using var queue = new PictureQueue(bus, null!, room, Options.Create(new BusOptions()), TimeProvider.System, NullLogger<PictureQueue>.Instance);
        await queue.StartAsync(CancellationToken.None);
        (bus.StopFails, bus.OpenFails) = (stopFails, openFails);

        await queue.Invoking(q => q.FollowAsync(Many, CancellationToken.None)).Should().ThrowAsync<InvalidOperationException>();
        (bus.StopFails, bus.OpenFails) = (false, false);
        await queue.FollowAsync(Many, CancellationToken.None);
        await queue.FollowAsync(Many, CancellationToken.None);
        await queue.FollowAsync(0, CancellationToken.None);

        (bus.Opened, room.Size).Should().Be((2, BusOptions.LeastWindows), "it is opened once for many, and stays so for few");
        await queue.StopAsync(CancellationToken.None);
    }

    // A bus that fails when it is told to.
    private sealed class Connector : IReceiveEndpointConnector
    {
        public bool StopFails { get; set; }

        public bool OpenFails { get; set; }

        public int Opened { get; private set; }

        public HostReceiveEndpointHandle ConnectReceiveEndpoint(string queueName, Action<IBusRegistrationContext, IReceiveEndpointConfigurator>? configure = null)
        {
            if (OpenFails) throw new InvalidOperationException("cannot be opened");
            Opened++;
            return new Handle(this);
        }

        public HostReceiveEndpointHandle ConnectReceiveEndpoint(IEndpointDefinition definition, IEndpointNameFormatter? endpointNameFormatter = null, Action<IBusRegistrationContext, IReceiveEndpointConfigurator>? configure = null) =>
            throw new NotSupportedException();

        private sealed class Handle(Connector bus) : HostReceiveEndpointHandle
        {
            public IReceiveEndpoint ReceiveEndpoint => throw new NotSupportedException();

            public Task<ReceiveEndpointReady> Ready => Task.FromResult<ReceiveEndpointReady>(null!);

            public Task StopAsync(CancellationToken cancellationToken = default) => bus.StopFails ? throw new InvalidOperationException("cannot be stopped") : Task.CompletedTask;
        }
    }
}
