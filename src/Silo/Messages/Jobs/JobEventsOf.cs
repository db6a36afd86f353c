using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Messages;
using Dpvr.Contracts.Results;
using Dpvr.Silo.Api.Jobs;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>A job's progress as messages.</summary>
internal static class JobEventsOf
{
    public static JobProgressed Progress(JobProgress job, string? customId) => new()
    {
        Job = job.Job.Value,
        CustomId = customId,
        Status = StatusWords.Of(job.Status),
        Paused = job.Paused,
        Images = job.Images,
        ImagesDone = job.ImagesDone,
        Succeeded = job.Requests.Succeeded,
        Failed = job.Requests.Failed,
        Error = ErrorOf(job.Error),
    };

    public static JobCompleted Completed(JobProgress job, string? customId) => new()
    {
        Job = job.Job.Value,
        CustomId = customId,
        Status = StatusWords.Of(job.Status),
        Images = job.Images,
        Succeeded = job.Requests.Succeeded,
        Failed = job.Requests.Failed,
        Skipped = job.Requests.Skipped,
        PromptTokens = job.PromptTokens,
        CompletionTokens = job.CompletionTokens,
    };

    public static JobFailed Failed(JobProgress job, string? customId) =>
        new() { Job = job.Job.Value, CustomId = customId, Error = ErrorOf(job.Error) ?? new MessageError(ErrorCodes.Internal, "The job failed.") };

    private static MessageError? ErrorOf(ItemError? error) => error is null ? null : new MessageError(error.Code, error.Message);
}
