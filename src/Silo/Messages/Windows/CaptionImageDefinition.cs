using Dpvr.Silo.Messages.Hosting;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages.Windows;

/// <summary>The queue of pictures. The broker hands out no more than fill the windows that may be open (<see cref="PictureQueue"/>): what waits beyond that waits there, not in this process's memory.</summary>
internal sealed class CaptionImageDefinition : ConsumerDefinition<CaptionImageConsumer>
{
    private readonly BusOptions _options;
    private readonly WindowRoom _room;

    public CaptionImageDefinition(IOptions<BusOptions> options, WindowRoom room) => (_options, _room, EndpointName) = (options.Value, room, QueueNames.CaptionImage);

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<CaptionImageConsumer> consumerConfigurator, IRegistrationContext context) =>
        Endpoints.Configure(endpointConfigurator, _options, _options.PicturesOf(_room.Size));
}
