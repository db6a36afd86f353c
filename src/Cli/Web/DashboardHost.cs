using Dpvr.Cli.Cluster;
using Dpvr.Cli.Hosts;
using Dpvr.Contracts.Grains;
using Dpvr.Data.Urls;
using Dpvr.Hosting;
using Dpvr.Hosting.Cluster;
using Dpvr.Hosting.Health;
using Dpvr.Hosting.Telemetry;
using Dpvr.Silo.Api.Hosting;
using Dpvr.Silo.Intake;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Cli.Web;

/// <summary>A client of the cluster with the API and the dashboard; it holds no grains, so that it may stop at any time.</summary>
internal static class DashboardHost
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <exception cref="ClusterUnavailableException">The membership store does not answer.</exception>
    public static async Task<IHost> BuildAsync(SiloSettings settings, CancellationToken cancellationToken)
    {
        await DpvrCluster.PrepareAsync(settings.Cluster.Address, cancellationToken);
        var builder = DpvrHost.CreateBuilder(settings.Log);
        builder.Services.AddDpvrStore(settings.Store);
        builder.UseOrleansClient(client => client.UseDpvrCluster(settings.Cluster, s_patience));
        builder.Services.AddSingleton<JobIntake>();
        builder.Services.AddSingleton(settings.Models!).AddSingleton<IWebPart, DashboardPart>().AddDpvrPictureUrls(o => o.AllowedHosts = settings.AllowedHosts).AddDpvrApi(settings.Api, settings.Auth);
        builder.Services.AddDpvrTelemetry(settings.Telemetry, "dashboard");
        builder.Logging.AddDpvrFilters();
        builder.Services.AddDpvrHealth(settings.Health).AddDpvrStoreCheck()
            .AddDpvrCheck("coordinator", "the cluster", static (provider, _) => provider.GetRequiredService<IGrainFactory>().GetGrain<IJobBoardGrain>(0).PingAsync());
        return builder.Build();
    }
}
