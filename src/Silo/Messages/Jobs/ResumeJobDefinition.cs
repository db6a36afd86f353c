using Dpvr.Silo.Messages.Hosting;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>The queue of <c>ResumeJob</c>.</summary>
internal sealed class ResumeJobDefinition : ConsumerDefinition<ResumeJobConsumer>
{
    private readonly BusOptions _options;

    public ResumeJobDefinition(IOptions<BusOptions> options) => (_options, EndpointName) = (options.Value, QueueNames.ResumeJob);

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<ResumeJobConsumer> consumerConfigurator, IRegistrationContext context) =>
        Endpoints.Configure(endpointConfigurator, _options, _options.SubmissionsAtOnce);
}
