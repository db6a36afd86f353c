using System.Net;
using System.Net.Sockets;
using Dpvr.Silo.Board;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Launch;
using Dpvr.Silo.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Prometheus;

namespace Dpvr.Silo.Hosting;

/// <summary>Puts the coordinating silo into a host.</summary>
public static class DpvrSilo
{
    /// <summary>Key of the <see cref="TimeProvider"/> that leases go by. Apart from the one that Orleans itself uses, so that a test can stop this one.</summary>
    public const string Clock = "dpvr";

    /// <summary>
    /// One process that is its own cluster: free ports on the loopback address, no gateway, nothing kept but in the store. The store comes from <c>AddDpvrOutputFolder</c> or <c>AddDpvrData</c>.
    /// </summary>
    public static IHostApplicationBuilder AddDpvrSilo(this IHostApplicationBuilder builder, Action<DpvrSiloOptions>? configure = null)
    {
        builder.Logging.AddFilter("Orleans", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning).AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), gatewayPort: 0, serviceId: "dpvr", clusterId: "dpvr");
            silo.Configure<EndpointOptions>(static o => o.AdvertisedIPAddress = IPAddress.Loopback);
            silo.AddDpvrJobs(configure);
        });
        return builder;
    }

    /// <summary>What jobs need of any silo, however it is clustered.</summary>
    public static ISiloBuilder AddDpvrJobs(this ISiloBuilder silo, Action<DpvrSiloOptions>? configure = null)
    {
        var services = silo.Services;
        services.AddOptions<DpvrSiloOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DpvrSiloOptions>, DpvrSiloOptionsValidator>());
        services.TryAddKeyedSingleton(Clock, TimeProvider.System);
        services.TryAddSingleton<JobLauncher>();
        services.TryAddSingleton<JobIntake>();
        services.TryAddSingleton(static _ => Metrics.NewCustomRegistry());
        services.TryAddSingleton<SiloInstruments>();
        services.TryAddSingleton<JobBook>();
        services.TryAddSingleton<JobMetrics>();
        services.AddHostedService<MetricsStart>();
        services.AddHostedService<BoardKeeper>();
        return silo;
    }

    // The system picks a port that is free now: two runs beside each other do not meet.
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
