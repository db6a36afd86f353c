using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Prometheus;

namespace Dpvr.Hosting.Telemetry;

/// <summary>Shows what a host measures. What is measured, each part registers itself with the host's <see cref="CollectorRegistry"/>.</summary>
public static class DpvrTelemetry
{
    private const string Source = "Dpvr";

    /// <summary>Serves <c>/metrics</c> and sends traces, as far as the options say so.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Where.</param>
    /// <param name="role">What the host is, as in <c>worker</c>.</param>
    public static IServiceCollection AddDpvrTelemetry(this IServiceCollection services, TelemetryOptions options, string role)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(static _ => Metrics.NewCustomRegistry());
        services.AddSingleton(options);
        services.AddSingleton(provider => new MetricsServer(options, WithProcess(provider.GetRequiredService<CollectorRegistry>(), role), provider.GetRequiredService<Microsoft.Extensions.Logging.ILogger<MetricsServer>>()));
        services.AddHostedService(static provider => provider.GetRequiredService<MetricsServer>());
        return options.Otlp is null ? services : services.AddTraces(options, role);
    }

    private static CollectorRegistry WithProcess(CollectorRegistry registry, string role)
    {
        DotNetStats.Register(registry); // CPU, memory, threads, collections of this process
        Metrics.WithCustomRegistry(registry).CreateGauge("dpvr_build_info", "1; its labels say the version and what this host is.", ["version", "role"]).WithLabels(Version, role).Set(1);
        return registry;
    }

    private static IServiceCollection AddTraces(this IServiceCollection services, TelemetryOptions options, string role)
    {
        services.AddOpenTelemetry().WithTracing(traces => traces
            .AddSource(Source)
            .ConfigureResource(resource => resource.AddService($"dpvr-{role}", serviceVersion: Version))
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TracedShare)))
            .AddOtlpExporter(exporter => (exporter.Protocol, exporter.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(options.Otlp!, "/v1/traces"))));
        return services;
    }

    private static string Version => typeof(DpvrTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
