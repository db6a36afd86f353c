using Dpvr.Cli.Terminal;
using Dpvr.Data;
using Dpvr.Silo.Hosting;
using Dpvr.Workers;
using Dpvr.Workers.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dpvr.Cli.Caption;

/// <summary>One process that is coordinator, worker and result store over an output folder.</summary>
internal static class EmbeddedHost
{
    public static IHost Build(CaptionSettings settings)
    {
        // No configuration files, no environment variables: the command line says it all, and the start is faster.
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "dpvr" });
        AddLogging(builder.Logging, settings.Verbose);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.AddDpvrOutputFolder(settings.Output);
        builder.AddDpvrSilo(silo => silo.ExclusiveStore = true);
        builder.Services.AddSingleton<IEngineFactory, LlavaEngineFactory>();
        builder.Services.Configure<LlavaEngineOptions>(o => (o.Device, o.Dtype, o.Threads) = (settings.Device ?? "auto", settings.Dtype ?? "auto", settings.Threads));
        builder.Services.AddDpvrWorker(o => o.DecodeThreads = settings.Threads);
        return builder.Build();
    }

    private static void AddLogging(ILoggingBuilder logging, bool verbose)
    {
        // The views say what a person must know, and a failure is a record: without --verbose there is no log at all.
        if (!verbose) return;
        logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat) = (true, "HH:mm:ss.fff "));
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace); // standard output belongs to results
    }

    /// <summary>Signals are <see cref="Interrupts"/>' business alone.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
