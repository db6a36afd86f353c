using Dpvr.Cli.Progress;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Workers;
using Dpvr.Workers.Waits;
using Microsoft.Extensions.DependencyInjection;

namespace Dpvr.Cli.Caption;

/// <summary>Asks a job how it stands and shows it, until it has ended or cannot go on.</summary>
internal sealed class JobWatch(IJobGrain job, IServiceProvider services, IRunView view)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly WorkerStatus _status = services.GetRequiredService<WorkerStatus>();
    private readonly PipelineGauge _gauge = services.GetRequiredService<PipelineGauge>();
    private readonly RateMeter _rates = new(TimeProvider.System);
    private RunSnapshot? _last;

    public async Task<JobProgress> UntilEndAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval);
        while (true)
        {
            var progress = await ReadAsync();
            if (progress.Status.IsTerminal() || progress is { Paused: true, Error: not null } || _status.EngineFault is not null) return progress;
            try
            {
                await timer.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return progress;
            }
        }
    }

    /// <summary>Reads, shows and returns the job's progress.</summary>
    public async Task<JobProgress> ReadAsync()
    {
        var progress = await job.StatusAsync();
        var snapshot = new RunSnapshot
        {
            Job = progress,
            ImagesInHand = _status.ImagesInHand,
            FailedInHand = _status.FailedInHand,
            Tokens = _status.Tokens,
            EngineReady = _status.Engine is not null,
            Waits = Enum.GetValues<WaitCause>().ToDictionary(c => c, _gauge.Waited),
        };
        // Between a shard's commit and its report it is in neither sum: what was shown as done stays so.
        if (_last is not null && snapshot.ImagesDone < _last.ImagesDone) snapshot = snapshot with { ImagesInHand = (int)(_last.ImagesDone - progress.ImagesDone) };
        _last = snapshot;
        view.Show(snapshot, _rates.Add(snapshot));
        return progress;
    }
}
