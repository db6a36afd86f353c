using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>A job and those that do again what failed of it: they read the same source.</summary>
internal static class JobFamily
{
    /// <summary>The one of them that has not ended; null when all have, or there is no such job.</summary>
    public static async Task<JobId?> OpenOneAsync(JobStore store, JobId first, CancellationToken cancellationToken)
    {
        for (var job = first; await store.ReadSpecAsync(job, cancellationToken) is not null; job = JobIds.Next(job))
            if (await store.ReadEndAsync(job, cancellationToken) is null)
                return job;
        return null;
    }
}
