using System.Globalization;
using Dpvr.Data.Blobs;
using Dpvr.Contracts.Results;
using MassTransit;
using Orleans.Runtime;

namespace Dpvr.Silo.Messages.Hosting;

/// <summary>What all our queues have in common.</summary>
internal static class Endpoints
{
    private const int Retries = 8;
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(200), s_most = TimeSpan.FromSeconds(20), s_step = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// A replicated, durable queue. A delivery that ends without an acknowledgement counts against the limit, after which the broker moves the message to the dead-letter
    /// queue, and drops it only when that has it (at-least-once). What we ourselves cannot do goes to NAME_error.
    /// </summary>
    public static void Configure(IReceiveEndpointConfigurator endpoint, BusOptions options, int atOnce)
    {
        endpoint.PrefetchCount = atOnce;
        endpoint.ConcurrentMessageLimit = atOnce;
        endpoint.UseMessageRetry(static retry =>
        {
            retry.Handle<BlobStoreException>(static e => ErrorCodes.IsResumable(e.Code));
            retry.Handle<TimeoutException>();
            retry.Handle<OrleansMessageRejectionException>();
            retry.Handle<SiloUnavailableException>();
            retry.Exponential(Retries, s_first, s_most, s_step);
        });
        if (endpoint is not IRabbitMqReceiveEndpointConfigurator rabbit) return;
        rabbit.SetQuorumQueue();
        rabbit.SetQueueArgument("x-delivery-limit", options.DeliveryLimit);
        rabbit.SetQueueArgument("x-dead-letter-strategy", "at-least-once");
        rabbit.SetQueueArgument("x-overflow", "reject-publish"); // at-least-once asks for it
        rabbit.BindDeadLetterQueue(QueueNames.Dead, QueueNames.Dead, static dead => dead.SetQueueArgument("x-queue-type", "quorum"));
    }
}
