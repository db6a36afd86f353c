using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dpvr.Silo.Messages.Counts;

/// <summary>Says when messages lie where somebody should look at them. Only a warning: the silo does its work.</summary>
internal sealed class QueueCheck(QueueCounts counts) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var troubled = counts.Troubled;
        return Task.FromResult(troubled.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded($"messages were put aside: {string.Join(", ", troubled.Select(static q => $"{q.Value} in {q.Key}"))}"));
    }
}
