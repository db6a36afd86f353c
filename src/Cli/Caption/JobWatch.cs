using Dpvr.Cli.Cluster;
using Dpvr.Cli.Progress;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Cli.Caption;

/// <summary>Asks a job how it stands and shows it, until it has ended or cannot go on.</summary>
internal sealed class JobWatch(IJobGrain job, IRunSource run, IRunView view)
{
    private readonly RateMeter _rates = new(TimeProvider.System);
    private RunSnapshot? _last;

    public async Task<JobProgress> UntilEndAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(run.Interval);
        while (true)
        {
            var progress = await ReadAsync();
            if (progress.Status.IsTerminal() || progress is { Paused: true, Error: not null } || run.IsFaulted) return progress;
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
        var progress = await ClusterClient.CallAsync(job.StatusAsync, CancellationToken.None);
        var snapshot = run.Snapshot(progress);
        // Between a shard's commit and its report it is in neither sum: what was shown as done stays so.
        if (_last is not null && snapshot.ImagesDone < _last.ImagesDone) snapshot = snapshot with { ImagesInHand = (int)(_last.ImagesDone - progress.ImagesDone) };
        _last = snapshot;
        view.Show(snapshot, _rates.Add(snapshot));
        return progress;
    }
}
