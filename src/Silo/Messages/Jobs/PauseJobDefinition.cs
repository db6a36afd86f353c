using Dpvr.Silo.Messages.Hosting;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>The queue of <c>PauseJob</c>.</summary>
internal sealed class PauseJobDefinition : ConsumerDefinition<PauseJobConsumer>
{
    private readonly BusOptions _options;

    public PauseJobDefinition(IOptions<BusOptions> options) => (_options, EndpointName) = (options.Value, QueueNames.PauseJob);

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<PauseJobConsumer> consumerConfigurator, IRegistrationContext context) =>
        Endpoints.Configure(endpointConfigurator, _options, _options.SubmissionsAtOnce);
}
