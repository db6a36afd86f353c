using Dpvr.Contracts.Grains;
using Dpvr.Dashboard.Workers;

namespace Dpvr.Cli.Web;

/// <summary>The cluster's directory of workers.</summary>
internal sealed class WorkerFeed(IGrainFactory grains) : IWorkerFeed
{
    public async Task<IReadOnlyList<WorkerRow>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await grains.GetGrain<IWorkerDirectoryGrain>(0).ListAsync().WaitAsync(cancellationToken)).Select(static w => new WorkerRow(w.Report, w.ImagesPerSecond, TimeSpan.FromSeconds(w.AgeSeconds), w.Earlier))];
}
