using Dpvr.Contracts.Messages;
using MassTransit;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>Takes <see cref="PauseJob"/>.</summary>
internal sealed class PauseJobConsumer(JobActions actions) : IConsumer<PauseJob>
{
    public Task Consume(ConsumeContext<PauseJob> context) => actions.DoAsync(context, context.Message.Job, context.Message.CustomId, static job => job.PauseAsync());
}
