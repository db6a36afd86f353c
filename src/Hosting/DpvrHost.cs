using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Dpvr.Hosting;

/// <summary>What every host of Dpvr has in common.</summary>
public static class DpvrHost
{
    /// <summary>
    /// A host that is configured by code alone (no files, no environment variables: it starts faster, and nothing surprises) and leaves signals to its owner.
    /// </summary>
    /// <param name="verbose">True logs to standard error; false not at all: failures are records and states, which somebody shows.</param>
    public static HostApplicationBuilder CreateBuilder(bool verbose)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "dpvr" });
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30)); // a worker's drain fits in
        if (!verbose) return builder;

        builder.Logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat) = (true, "HH:mm:ss.fff "));
        builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace); // standard output belongs to results
        return builder;
    }
}
