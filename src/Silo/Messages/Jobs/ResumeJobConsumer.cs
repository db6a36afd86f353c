using Dpvr.Contracts.Messages;
using MassTransit;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>Takes <see cref="ResumeJob"/>.</summary>
internal sealed class ResumeJobConsumer(JobActions actions) : IConsumer<ResumeJob>
{
    public Task Consume(ConsumeContext<ResumeJob> context) => actions.DoAsync(context, context.Message.Job, context.Message.CustomId, static job => job.ResumeAsync());
}
