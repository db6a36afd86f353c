using Dpvr.Contracts.Jobs;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>A job cannot be deleted yet.</summary>
internal sealed class JobOpenException(JobId job, string why) : Exception($"{why}: a job is deleted when it has ended; cancel it first.")
{
    public JobId Job { get; } = job;
}
