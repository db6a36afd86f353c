using Dpvr.Silo.Messages.Hosting;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>The queue of <c>CancelJob</c>.</summary>
internal sealed class CancelJobDefinition : ConsumerDefinition<CancelJobConsumer>
{
    private readonly BusOptions _options;

    public CancelJobDefinition(IOptions<BusOptions> options) => (_options, EndpointName) = (options.Value, QueueNames.CancelJob);

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<CancelJobConsumer> consumerConfigurator, IRegistrationContext context) =>
        Endpoints.Configure(endpointConfigurator, _options, _options.SubmissionsAtOnce);
}
