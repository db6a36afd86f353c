using Dpvr.Cli.Cluster;
using Dpvr.Cli.Web;
using Dpvr.Data.Urls;
using Dpvr.Hosting;
using Dpvr.Hosting.Health;
using Dpvr.Hosting.Telemetry;
using Dpvr.Silo.Api.Hosting;
using Dpvr.Silo.Chat;
using Dpvr.Silo.Hosting;
using Dpvr.Silo.Messages.Hosting;
using Dpvr.Workers;
using Dpvr.Workers.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Cli.Serve;

/// <summary>One process that is API, coordinator and worker over a store.</summary>
internal static class ServeHost
{
    public static IHost Build(ServeSettings settings)
    {
        var builder = DpvrHost.CreateBuilder(settings.Log);
        builder.Services.AddSingleton(settings.Time);
        builder.Services.AddDpvrStore(settings.Store);
        // Its lock says that nobody else is at work on a folder; a blob store may be another host's too.
        builder.AddDpvrSilo(silo => (silo.ExclusiveStore, silo.ResumeJobsAtStart) = (Data.Blobs.BlobLocation.Parse(settings.Store).Folder is not null, true));
        builder.Services.AddSingleton<IEngineFactory, LlavaEngineFactory>();
        builder.Services.Configure<LlavaEngineOptions>(o => (o.Device, o.Dtype, o.Threads) = (settings.Device, settings.Dtype, settings.Threads));
        builder.Services.AddDpvrWorker(o => o.DecodeThreads = settings.Threads);
        builder.Services.AddDpvrPictureUrls(o => o.AllowedHosts = settings.AllowedHosts);
        builder.Services.AddSingleton(settings.Models);
        builder.Services.AddSingleton<IChatEngine, EmbeddedChat>();
        if (settings.WarmUp) builder.Services.AddHostedService<EngineWarmUp>();
        builder.Services.AddSingleton<IWebPart, DashboardPart>();
        builder.Services.AddDpvrApi(settings.Api, settings.Auth).AddDpvrMessages(settings.Broker, settings.Bus);
        builder.Logging.AddDpvrFilters();
        builder.Services.AddDpvrTelemetry(settings.Telemetry, "serve");
        builder.Services.AddDpvrHealth(settings.Health).AddDpvrStoreCheck();
        return builder.Build();
    }
}
