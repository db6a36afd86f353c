using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Output;

namespace Dpvr.Silo.Launch;

/// <summary>Removes what earlier runs left in a store, and nothing that is not ours. The manifest goes first, so that no moment shows one without its files.</summary>
internal sealed class JobEraser(JobStore store)
{
    public async Task EraseAsync(CancellationToken cancellationToken)
    {
        foreach (var job in await store.ListJobsAsync(cancellationToken)) await EraseAsync(job, cancellationToken);
    }

    /// <summary>Removes one job that has ended. Its specification goes after what takes long, its end last: interrupted, it is still a job that has ended.</summary>
    public async Task EraseAsync(JobId job, CancellationToken cancellationToken)
    {
        var (own, prefix) = (store.Layout.Job(job), store.Layout.OutputOf(job));
        await store.Blobs.DeleteAsync(prefix + OutputNames.Manifest, cancellationToken);
        await foreach (var sidecar in SidecarFiles.ListAsync(store, job, cancellationToken)) await store.Blobs.DeleteAsync(prefix + sidecar, cancellationToken);
        await store.Blobs.DeleteAsync(prefix + OutputNames.Captions, cancellationToken);
        await store.Blobs.DeleteAsync(prefix + OutputNames.Errors, cancellationToken);
        foreach (var folder in await store.Blobs.ListFoldersAsync(own, cancellationToken)) await store.Blobs.DeletePrefixAsync($"{own}{folder}/", cancellationToken);
        await store.Blobs.DeleteAsync(store.Layout.Spec(job), cancellationToken);
        await store.Blobs.DeletePrefixAsync(own, cancellationToken);
    }
}
