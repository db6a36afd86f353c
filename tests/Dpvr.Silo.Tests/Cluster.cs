using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Data;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Tests;
using Dpvr.Data.Verification;
using Dpvr.Silo.Hosting;
using Dpvr.Silo.Launch;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using Prometheus;

namespace Dpvr.Silo.Tests;

/// <summary>A silo in this process over an output folder; <see cref="KillAsync"/> and a new one on the same folder is a restart.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private Cluster(InProcessTestCluster cluster, ManualTime time)
    {
        _cluster = cluster;
        Time = time;
        Store = cluster.Silos[0].ServiceProvider.GetRequiredService<JobStore>();
        Grains = cluster.Silos[0].ServiceProvider.GetRequiredService<IGrainFactory>();
    }

    public ManualTime Time { get; }

    /// <summary>Takes the silo's store away.</summary>
    public required OutageStore Outage { get; init; }

    public JobStore Store { get; }

    public IGrainFactory Grains { get; }

    public JobLauncher Launcher => _cluster.Silos[0].ServiceProvider.GetRequiredService<JobLauncher>();

    /// <summary>What the silo shows at <c>/metrics</c>.</summary>
    public async Task<string> MetricsAsync()
    {
        using var text = new MemoryStream();
        await _cluster.Silos[0].ServiceProvider.GetRequiredService<CollectorRegistry>().CollectAndExportAsTextAsync(text);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    public static async Task<Cluster> StartAsync(string output, Action<DpvrSiloOptions>? configure = null, ManualTime? clock = null)
    {
        var time = clock ?? new ManualTime();
        var blobs = OutageStore.Around(new FileBlobStore(output), out var outage);
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddDpvrData(_ => blobs, JobLayout.Embedded);
            silo.Services.AddKeyedSingleton<TimeProvider>(DpvrSilo.Clock, time);
            silo.AddDpvrJobs(options =>
            {
                options.ExclusiveStore = true;
                configure?.Invoke(options);
            });
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new Cluster(cluster, time) { Outage = outage };
    }

    public FakeWorker Worker(string name = "worker") => new(Grains, Store, name);

    public IJobBoardGrain Board => Grains.GetGrain<IJobBoardGrain>(0);

    public IJobGrain Job(JobId job) => Grains.GetGrain<IJobGrain>(job.Value);

    public Task<VerifyReport> VerifyAsync() => new OutputVerifier(Store).VerifyAsync();

    public async Task KillAsync() => await _cluster.KillSiloAsync(_cluster.Silos[0]);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
