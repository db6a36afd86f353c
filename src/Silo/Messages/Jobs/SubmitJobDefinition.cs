using Dpvr.Silo.Messages.Hosting;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>The queue of submissions.</summary>
internal sealed class SubmitJobDefinition : ConsumerDefinition<SubmitJobConsumer>
{
    private readonly BusOptions _options;

    public SubmitJobDefinition(IOptions<BusOptions> options) => (_options, EndpointName) = (options.Value, QueueNames.SubmitJob);

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<SubmitJobConsumer> consumerConfigurator, IRegistrationContext context) =>
        Endpoints.Configure(endpointConfigurator, _options, _options.SubmissionsAtOnce);
}
