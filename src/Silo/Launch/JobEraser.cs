using Dpvr.Data.Jobs;
using Dpvr.Data.Output;

namespace Dpvr.Silo.Launch;

/// <summary>Removes what earlier runs left in a store, and nothing that is not ours. The manifest goes first, so that no moment shows one without its files.</summary>
internal sealed class JobEraser(JobStore store)
{
    public async Task EraseAsync(CancellationToken cancellationToken)
    {
        foreach (var job in await store.ListJobsAsync(cancellationToken))
        {
            var prefix = store.Layout.OutputOf(job);
            await store.Blobs.DeleteAsync(prefix + OutputNames.Manifest, cancellationToken);
            await foreach (var sidecar in SidecarFiles.ListAsync(store, job, cancellationToken)) await store.Blobs.DeleteAsync(prefix + sidecar, cancellationToken);
            await store.Blobs.DeleteAsync(prefix + OutputNames.Captions, cancellationToken);
            await store.Blobs.DeleteAsync(prefix + OutputNames.Errors, cancellationToken);
            await store.Blobs.DeletePrefixAsync(store.Layout.Job(job), cancellationToken);
        }
    }
}
