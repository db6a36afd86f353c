using Dpvr.Cli.Cluster;
using Dpvr.Cli.Web;
using Dpvr.Data;
using Dpvr.Data.Jobs;
using Dpvr.Data.Urls;
using Dpvr.Hosting;
using Dpvr.Hosting.Cluster;
using Dpvr.Hosting.Health;
using Dpvr.Hosting.Telemetry;
using Dpvr.Silo.Api.Hosting;
using Dpvr.Silo.Hosting;
using Dpvr.Silo.Messages.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Dpvr.Cli.Hosts;

/// <summary>A coordinating host: Orleans, the job grains, the store.</summary>
internal static class SiloHost
{
    /// <exception cref="ClusterUnavailableException">The membership store does not answer.</exception>
    public static async Task<IHost> BuildAsync(SiloSettings settings, CancellationToken cancellationToken)
    {
        await DpvrCluster.PrepareAsync(settings.Cluster.Address, cancellationToken);
        var builder = DpvrHost.CreateBuilder(settings.Log);
        builder.Services.AddDpvrStore(settings.Store);
        builder.UseOrleans(silo => silo.UseDpvrCluster(settings.Cluster).AddDpvrJobs(jobs =>
        {
            jobs.LeaseDuration = settings.Lease;
            jobs.ResumeJobsAtStart = true;
        }));
        if (settings.Models is { } models) builder.Services.AddSingleton(models).AddSingleton<IWebPart, DashboardPart>().AddDpvrPictureUrls(o => o.AllowedHosts = settings.AllowedHosts).AddDpvrApi(settings.Api, settings.Auth);
        if (settings.Broker is { } broker) builder.Services.AddDpvrMessages(broker, settings.Bus);
        builder.Logging.AddDpvrFilters();
        builder.Services.AddDpvrTelemetry(settings.Telemetry, "silo");
        builder.Services.AddDpvrHealth(settings.Health).AddDpvrMembershipCheck().AddDpvrStoreCheck();
        return builder.Build();
    }
}
