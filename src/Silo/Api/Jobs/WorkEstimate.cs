using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>What work will take, by what equal work took: accelerator-seconds a request of the first shards of a job that has ended.</summary>
internal sealed class WorkEstimate(JobStore store)
{
    private const int MostJobs = 100;
    private const int MostShards = 64;

    public async Task<(double SecondsOfARequest, JobId From)?> FindAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        foreach (var job in (await store.ListJobsAsync(cancellationToken)).Take(MostJobs))
        {
            if (await store.ReadEndAsync(job, cancellationToken) is not { Status: JobStatus.Completed }) continue;
            if (await store.ReadSpecAsync(job, cancellationToken) is not { } other || other.Model.Revision != spec.Model.Revision || other.Routing != spec.Routing) continue;
            if (other.Sampling.MaxNewTokens != spec.Sampling.MaxNewTokens) continue;
            if (await MeasureAsync(job, cancellationToken) is { } seconds) return (seconds, job);
        }
        return null;
    }

    private async Task<double?> MeasureAsync(JobId job, CancellationToken cancellationToken)
    {
        double seconds = 0;
        long requests = 0;
        var shards = 0;
        await foreach (var marker in store.ListDoneAsync(job, 0, cancellationToken))
        {
            seconds += marker.EngineSeconds;
            requests += marker.Requests.Succeeded - marker.Requests.Reused;
            if (++shards == MostShards) break;
        }
        return requests > 0 && seconds > 0 ? seconds / requests : null;
    }
}
