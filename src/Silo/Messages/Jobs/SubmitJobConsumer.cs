using Dpvr.Contracts.Messages;
using Dpvr.Data.Faults;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Messages.Replies;
using MassTransit;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>
/// Takes jobs in by the door that HTTP uses too. The message is acknowledged when this returns, which is after the job is durable: dead in between, it is delivered
/// again, and by its key it is the same job.
/// </summary>
internal sealed class SubmitJobConsumer(SubmissionQueue jobs, SourceRoots roots, JobNotes notes, Answers answers) : IConsumer<SubmitJob>
{
    public async Task Consume(ConsumeContext<SubmitJob> context)
    {
        var (message, reply, stop) = (context.Message, ReplyTo.Of(context), context.CancellationToken);
        IntakeResult taken;
        try
        {
            JobWords.CheckId(message.CustomId);
            taken = await jobs.SubmitAsync(JobWords.Of(message), message.IdempotencyKey, MessageKey.Of(context), stop);
        }
        catch (Exception e) when (Rejection.Of(e, message.CustomId, roots) is { } rejected)
        {
            await answers.PublishAsync(rejected, stop);
            if (reply is null) throw; // nobody would know: the message goes to the queue of errors, with the reason in its headers
            await answers.SendAsync(reply, rejected, stop);
            return;
        }
        await notes.AddAsync(new JobNote { Job = taken.Job.Value, CustomId = message.CustomId }, stop);
        var accepted = new JobAccepted { Job = taken.Job.Value, CustomId = message.CustomId, IsNew = taken.IsNew, Status = StatusWords.Of(taken.Progress.Status) };
        await answers.PublishAsync(accepted, stop);
        if (reply is not null) await answers.SendAsync(reply, accepted, stop);
        await Failpoints.HitAsync(Failpoints.BeforeAck, stop);
    }
}
