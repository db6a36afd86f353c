using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orleans;

namespace Dpvr.Hosting.Health;

/// <summary>Adds health endpoints and checks to a host.</summary>
public static class DpvrHealth
{
    /// <summary>Serves <c>/health/live</c> and <c>/health/ready</c> at <paramref name="listen"/>; null serves nothing.</summary>
    public static IServiceCollection AddDpvrHealth(this IServiceCollection services, IPEndPoint? listen)
    {
        services.AddHealthChecks();
        services.Configure<HealthOptions>(o => o.Listen = listen);
        return services.AddHostedService<HealthServer>();
    }

    /// <summary>Adds a check that holds when <paramref name="probe"/> returns in time.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The check's name in the answer.</param>
    /// <param name="what">What does not answer when it fails, as words of a sentence.</param>
    /// <param name="probe">The call.</param>
    public static IServiceCollection AddDpvrCheck(this IServiceCollection services, string name, string what, Func<IServiceProvider, CancellationToken, Task> probe)
    {
        services.AddHealthChecks().Add(new HealthCheckRegistration(name, provider => new ProbeCheck(what, probe, provider), HealthStatus.Unhealthy, tags: null));
        return services;
    }

    /// <summary>A silo's checks: its membership store can be read.</summary>
    public static IServiceCollection AddDpvrMembershipCheck(this IServiceCollection services) =>
        services.AddDpvrCheck("membership", "the membership store", static (provider, cancellationToken) => provider.GetRequiredService<IMembershipTable>().ReadAllAsync(cancellationToken));
}
