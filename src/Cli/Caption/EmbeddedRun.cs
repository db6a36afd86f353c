using Dpvr.Cli.Progress;
using Dpvr.Contracts.Jobs;
using Dpvr.Workers;
using Dpvr.Workers.Waits;
using Microsoft.Extensions.DependencyInjection;

namespace Dpvr.Cli.Caption;

/// <summary>A run in this process: its worker tells what it has in hand.</summary>
internal sealed class EmbeddedRun(IServiceProvider services) : IRunSource
{
    private readonly WorkerStatus _status = services.GetRequiredService<WorkerStatus>();
    private readonly PipelineGauge _gauge = services.GetRequiredService<PipelineGauge>();

    public TimeSpan Interval => TimeSpan.FromMilliseconds(200);

    public bool IsFaulted => _status.EngineFault is not null;

    public RunSnapshot Snapshot(JobProgress job) => new()
    {
        Job = job,
        ImagesInHand = _status.ImagesInHand,
        FailedInHand = _status.FailedInHand,
        Tokens = _status.Tokens,
        EngineReady = _status.Engine is not null,
        Waits = Enum.GetValues<WaitCause>().ToDictionary(c => c, _gauge.Waited),
    };
}
