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
    /// <param name="log">Where it logs: to standard error, since standard output belongs to results.</param>
    public static HostApplicationBuilder CreateBuilder(LogFormat log)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "dpvr" });
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30)); // a worker's drain fits in
        if (log == LogFormat.Text) builder.Logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat) = (true, "HH:mm:ss.fff "));
        else if (log == LogFormat.Json) builder.Logging.AddJsonConsole(o => (o.UseUtcTimestamp, o.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        return builder;
    }
}
