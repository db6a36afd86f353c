namespace Dpvr.Silo.Telemetry;

/// <summary>Shows a silo's metrics from its start, not from its first job: a rate needs a value before the first event.</summary>
internal sealed class MetricsStart(JobMetrics jobs, SiloInstruments shards) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        jobs.Begin();
        shards.Begin();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
