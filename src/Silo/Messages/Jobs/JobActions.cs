using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Messages.Replies;
using MassTransit;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>What is done with a job that exists.</summary>
internal sealed class JobActions(JobStore store, IGrainFactory grains, SourceRoots roots, Answers answers)
{
    public async Task DoAsync(ConsumeContext context, string? id, string? customId, Func<IJobGrain, Task<JobProgress>> act)
    {
        var (reply, stop) = (ReplyTo.Of(context), context.CancellationToken);
        try
        {
            JobWords.CheckId(customId);
            if (!JobId.IsValid(id) || await store.ReadSpecAsync(new JobId(id!), stop) is null) throw new RefusedException("job", id, "the id of a job", "not_found");
        }
        catch (RefusedException e) when (reply is not null)
        {
            await answers.SendAsync(reply, Rejection.Of(e, customId, roots)!, stop);
            return;
        }
        var progress = await GrainCalls.AskAsync(() => act(grains.GetGrain<IJobGrain>(id!)), stop);
        await answers.TellAsync(reply, JobEventsOf.Progress(progress, customId), stop);
    }
}
