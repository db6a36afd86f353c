using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Data.Jobs;
using Dpvr.Data.Sources;
using Dpvr.Silo.Api.Batches;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Launch;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>Removes a job that has ended, with everything that the store keeps of it: results, shards, plan, idempotency key. Interrupted, it can be called again.</summary>
internal sealed class JobRemover(JobStore store, JobIntake intake)
{
    /// <exception cref="JobOpenException">It has not ended, or what reads its blobs has not.</exception>
    public async Task RemoveAsync(JobId job, CancellationToken cancellationToken)
    {
        if (await JobFamily.OpenOneAsync(store, job, cancellationToken) is { } open)
            throw new JobOpenException(job, open == job ? $"Job {job} has not ended" : $"Job {open}, which does again what failed of job {job}, has not ended");
        var spec = await store.ReadSpecAsync(job, cancellationToken);
        if (spec is { Source: { Kind: SourceKinds.Requests, Root: var root } } && StorePictures.KeyOf(root) is { } rows && BatchStore.BatchOf(rows) is { } batch)
        {
            if (await store.Blobs.ExistsAsync(BatchStore.MarkOf(batch), cancellationToken)) throw new JobOpenException(job, $"Batch {batch}, whose job {job} is, has not ended");
            await store.Blobs.DeleteAsync(rows, cancellationToken); // nobody but its job reads them
        }
        await intake.ForgetAllAsync(job, cancellationToken);
        await new JobEraser(store).EraseAsync(job, cancellationToken);
    }
}
