using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dpvr.Hosting.Health;

/// <summary>A check that is one call: it holds when the call returns in time. What the call throws is named by its kind alone, since messages may hold addresses.</summary>
internal sealed class ProbeCheck(string what, Func<IServiceProvider, CancellationToken, Task> probe, IServiceProvider services) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            await Task.Run(() => probe(services, patience.Token), patience.Token).WaitAsync(Patience, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"{what} does not answer ({e.GetType().Name})", e);
        }
    }
}
