using Dpvr.Data;
using Dpvr.Data.Urls;
using Dpvr.Hosting;
using Dpvr.Hosting.Telemetry;
using Dpvr.Silo.Hosting;
using Dpvr.Workers;
using Dpvr.Workers.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Cli.Caption;

/// <summary>One process that is coordinator, worker and result store over an output folder.</summary>
internal static class EmbeddedHost
{
    public static IHost Build(CaptionSettings settings)
    {
        var builder = DpvrHost.CreateBuilder(settings.Verbose ? LogFormat.Text : LogFormat.None);
        builder.Services.AddDpvrOutputFolder(settings.Output);
        builder.AddDpvrSilo(silo => silo.ExclusiveStore = true);
        builder.Services.AddSingleton<IEngineFactory, LlavaEngineFactory>();
        builder.Services.Configure<LlavaEngineOptions>(o => (o.Device, o.Dtype, o.Threads) = (settings.Device ?? "auto", settings.Dtype ?? "auto", settings.Threads));
        builder.Services.AddDpvrPictureUrls(o => o.AllowedHosts = settings.AllowedHosts);
        builder.Services.AddDpvrWorker(o => o.DecodeThreads = settings.Threads);
        builder.Services.AddDpvrTelemetry(settings.Telemetry, "caption");
        return builder.Build();
    }
}
