using System.Runtime.CompilerServices;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Output;

/// <summary>Which sidecars a job wrote.</summary>
public static class SidecarFiles
{
    /// <summary>Their paths relative to the output.</summary>
    public static async IAsyncEnumerable<string> ListAsync(JobStore store, JobId job, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        await foreach (var entry in SidecarWriter.ReadListAsync(store, job, cancellationToken)) yield return entry.Path;
    }
}
