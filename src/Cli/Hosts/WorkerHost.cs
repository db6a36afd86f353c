using Dpvr.Cli.Caption;
using Dpvr.Cli.Cluster;
using Dpvr.Contracts.Grains;
using Dpvr.Data.Urls;
using Dpvr.Hosting;
using Dpvr.Hosting.Cluster;
using Dpvr.Hosting.Health;
using Dpvr.Hosting.Telemetry;
using Dpvr.Model.Runtime;
using Dpvr.Workers;
using Dpvr.Workers.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;

namespace Dpvr.Cli.Hosts;

/// <summary>A worker: a client of the cluster, the pipeline and one engine. A client, not a member: a worker that was paused or cut off keeps its model and goes on.</summary>
internal static class WorkerHost
{
    /// <exception cref="ClusterUnavailableException">The membership store does not answer.</exception>
    /// <exception cref="UsageException">There is no such device.</exception>
    public static async Task<IHost> BuildAsync(WorkerSettings settings, CancellationToken cancellationToken)
    {
        CheckDevice(settings);
        await DpvrCluster.PrepareAsync(settings.Cluster.Address, cancellationToken);
        var builder = DpvrHost.CreateBuilder(settings.Log);
        builder.Services.AddDpvrStore(settings.Store);
        builder.UseOrleansClient(client => client.UseDpvrCluster(settings.Cluster, Timeout.InfiniteTimeSpan));
        builder.Services.AddSingleton<IEngineFactory, LlavaEngineFactory>();
        builder.Services.Configure<LlavaEngineOptions>(o =>
        {
            (o.Device, o.Dtype, o.Threads) = (settings.Device, settings.Dtype, settings.Threads);
            o.ModelFolders = [.. settings.Models, .. ShippedModel.Folders()];
        });
        builder.Services.AddDpvrPictureUrls(o => o.AllowedHosts = settings.AllowedHosts);
        builder.Services.AddDpvrWorker(o => (o.Name, o.DecodeThreads) = (settings.Name, settings.Threads));
        builder.Logging.AddDpvrFilters();
        builder.Services.AddDpvrTelemetry(settings.Telemetry, "worker");
        builder.Services.AddDpvrHealth(settings.Health).AddDpvrStoreCheck()
            .AddDpvrCheck("coordinator", "the cluster", static (provider, _) => provider.GetRequiredService<IGrainFactory>().GetGrain<IJobBoardGrain>(0).PingAsync());
        return builder.Build();
    }

    private static void CheckDevice(WorkerSettings settings)
    {
        try
        {
            DeviceChoice.Parse(settings.Device, settings.Dtype);
        }
        catch (Exception e) when (e is DeviceUnavailableException or ArgumentException)
        {
            throw new UsageException($"--device: {e.Message}", e);
        }
    }
}
