using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Sources;
using Dpvr.Silo.Api.Batches;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Launch;
using Orleans.Core.Internal;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>Removes a job that has ended, with everything that the store keeps of it: results, shards, plan, idempotency key. Interrupted, it can be called again.</summary>
internal sealed class JobRemover(JobStore store, JobIntake intake, IGrainFactory grains)
{
    /// <exception cref="JobOpenException">It has not ended, or something needs it that is there.</exception>
    public async Task RemoveAsync(JobId job, CancellationToken cancellationToken)
    {
        if (await store.ReadEndAsync(job, cancellationToken) is null) throw new JobOpenException(job, "not_ended", $"Job {job} has not ended; cancel it first.");
        var next = JobIds.Next(job);
        if (await store.ReadSpecAsync(next, cancellationToken) is not null) throw new JobOpenException(job, "job_in_use", $"Job {next} does again what failed of job {job}; delete that first.");
        await RemoveRowsAsync(job, cancellationToken);
        await intake.ForgetAllAsync(job, cancellationToken);
        await new JobEraser(store).EraseAsync(job, cancellationToken);
        // Its id may come again, as that of another try at what failed: what the grain remembers is of a job that is no more.
        await GrainCalls.AskAsync(async () =>
        {
            await grains.GetGrain<IJobGrain>(job.Value).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
            return true;
        }, cancellationToken);
    }

    // The rows of a batch are read by the job that it began and by those that try again, which are gone by now.
    private async Task RemoveRowsAsync(JobId job, CancellationToken cancellationToken)
    {
        var spec = await store.ReadSpecAsync(job, cancellationToken);
        if (spec is not { Source: { Kind: SourceKinds.Requests, Root: var root } } || StorePictures.KeyOf(root) is not { } rows || BatchStore.BatchOf(rows) is not { } batch) return;
        if (await store.Blobs.ExistsAsync(BatchStore.MarkOf(batch), cancellationToken)) throw new JobOpenException(job, "not_ended", $"Batch {batch}, whose job {job} is, has not ended; cancel it first.");
        if (JobIds.Split(job).Generation <= 1) await store.Blobs.DeleteAsync(rows, cancellationToken);
    }
}
