using Microsoft.Extensions.Logging;

namespace Dpvr.Hosting;

/// <summary>Which log categories are worth a line.</summary>
public static class LogFilters
{
    /// <summary>Our own from information on; of the libraries, what someone should look at.</summary>
    public static ILoggingBuilder AddDpvrFilters(this ILoggingBuilder logging) => logging
        .AddFilter("Orleans", LogLevel.Warning)
        .AddFilter("Orleans.Runtime.Silo", LogLevel.Error) // its warnings are advice about garbage collection
        .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
        .AddFilter("Polly", LogLevel.Warning)
        .AddFilter("MassTransit", LogLevel.Warning)
        .AddFilter("Microsoft", LogLevel.Warning);
}
