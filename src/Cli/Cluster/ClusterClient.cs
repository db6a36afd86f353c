using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;
using Dpvr.Hosting;
using Dpvr.Hosting.Cluster;
using Dpvr.Silo.Launch;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace Dpvr.Cli.Cluster;

/// <summary>A command line's connection to a cluster and its store.</summary>
internal sealed class ClusterClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly IHost _host;

    private ClusterClient(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public JobStore Store => _host.Services.GetRequiredService<JobStore>();

    public JobLauncher Launcher => _host.Services.GetRequiredService<JobLauncher>();

    public IJobGrain Job(JobId job) => Grains.GetGrain<IJobGrain>(job.Value);

    /// <exception cref="ClusterUnavailableException">The membership store does not answer, or no silo does.</exception>
    public static async Task<ClusterClient> ConnectAsync(DpvrClusterOptions cluster, string store, LogFormat log, CancellationToken cancellationToken)
    {
        await DpvrCluster.PrepareAsync(cluster.Address, cancellationToken);
        var builder = DpvrHost.CreateBuilder(log);
        builder.Services.AddDpvrStore(store);
        builder.Services.AddSingleton<JobLauncher>();
        builder.Logging.AddDpvrFilters();
        builder.UseOrleansClient(client => client.UseDpvrCluster(cluster, Patience));
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is OrleansException or ConnectionFailedException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            host.Dispose();
            throw new ClusterUnavailableException($"no silo of the cluster '{cluster.Name}' at {cluster.Address} answers; start one: dpvr silo", e);
        }
        return new ClusterClient(host);
    }

    /// <summary>Repeats a call while the cluster recovers from the loss of a silo: every call of a job may be repeated.</summary>
    public static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (var wait = TimeSpan.FromMilliseconds(250); ; wait *= 2)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (e is TimeoutException or OrleansMessageRejectionException or SiloUnavailableException or ConnectionFailedException && wait < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(wait, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
