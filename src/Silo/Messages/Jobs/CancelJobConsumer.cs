using Dpvr.Contracts.Messages;
using MassTransit;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>Takes <see cref="CancelJob"/>.</summary>
internal sealed class CancelJobConsumer(JobActions actions) : IConsumer<CancelJob>
{
    public Task Consume(ConsumeContext<CancelJob> context) => actions.DoAsync(context, context.Message.Job, context.Message.CustomId, static job => job.CancelAsync());
}
