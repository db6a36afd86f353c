using Dpvr.Contracts.Grains;
using Dpvr.Data.Jobs;
using Dpvr.Silo.Hosting;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Launch;

/// <summary>Takes up, at start, every job that has neither ended nor been paused: a cluster that lost all its processes goes on by itself.</summary>
internal sealed class JobResumer(IGrainFactory grains, JobStore store, IOptions<DpvrSiloOptions> options) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.ResumeJobsAtStart) return;
        foreach (var job in await store.ListJobsAsync(stoppingToken))
            if (await store.ReadEndAsync(job, stoppingToken) is null && await store.ReadSpecAsync(job, stoppingToken) is not null
                && !(await store.ReadControlAsync(job, stoppingToken)).Paused)
                await grains.GetGrain<IJobGrain>(job.Value).ResumeAsync();
    }
}
