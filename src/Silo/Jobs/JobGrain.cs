using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Faults;
using Dpvr.Data.Jobs;
using Dpvr.Data.Output;
using Dpvr.Silo.Hosting;
using Dpvr.Silo.Ranges;
using Dpvr.Silo.Telemetry;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Dpvr.Silo.Jobs;

/// <summary>
/// One job's calls. Reentrant, so that a slow plan or a slow range holds up nobody; planning and finishing each run at most once at a time, and each is safe to be run
/// again by another activation. How the job moves on is in <c>JobGrain.Moving.cs</c>, what the store says of it in <see cref="JobState"/>.
/// </summary>
[Reentrant]
internal sealed partial class JobGrain(
    JobStore store, JobPlanner planner, JobOutput output, IOptions<DpvrSiloOptions> options, [FromKeyedServices(DpvrSilo.Clock)] TimeProvider time, JobBook book, SiloInstruments instruments, ILogger<JobGrain> logger) : Grain, IJobGrain
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly UsualTime _usual = new(options.Value);
    private readonly Outage _outage = new(time);
    private JobState _state = null!;
    private JobRanges? _ranges;
    private JobId _job;

    private IJobBoardGrain Board => GrainFactory.GetGrain<IJobBoardGrain>(0);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _job = new JobId(this.GetPrimaryKeyString());
        _state = new JobState(store, _job);
        await LoadAsync(cancellationToken);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_planning ?? Task.CompletedTask, _finishing ?? Task.CompletedTask);
        _stopping.Dispose();
        book.Forget(_job);
        _state.Dispose();
    }

    public async Task<JobProgress> StartAsync(JobSpec spec)
    {
        await _state.CreateSpecAsync(spec);
        return await ResumeAsync();
    }

    public async Task<JobProgress> ResumeAsync()
    {
        if (_state.Spec is null) await LoadAsync(CancellationToken.None);
        if (_state.Spec is null) throw NoSuchJob();
        if (_state.End is not null) return Progress();
        _state.Hold = null;
        await ChangeAsync(static control => control with { Paused = false, Error = null });
        return await StatusAsync();
    }

    public async Task<JobProgress> StatusAsync()
    {
        await ExpireAsync();
        MoveOn();
        return Told();
    }

    public async Task<JobShare?> TendAsync()
    {
        if (_state.Spec is null) await LoadAsync(CancellationToken.None);
        await _state.RefreshAsync(CancellationToken.None);
        if (_state.Spec is null || _state.End is not null) return null;
        if (_state.Error is { } error && ErrorCodes.IsTransient(error.Code) && _outage.IsOver())
        {
            LogTryingAgain(logger, _job, error.Code);
            _state.Hold = null;
            await ChangeAsync(static control => control.Error is null ? control : control with { Paused = false, Error = null });
        }
        await StatusAsync();
        return GiveUpIfSuspect(_state.End is null ? _state.Share : null);
    }

    public async Task<JobProgress> PauseAsync()
    {
        await ChangeAsync(static control => control with { Paused = true });
        return Told();
    }

    public async Task<JobProgress> CancelAsync()
    {
        await ChangeAsync(static control => control with { CancelRequested = true, Error = null });
        _state.Hold = null;
        if (Mutants.Are(Mutant.CancelOverwritesEnd)) await _state.EndAsync(new JobEnd { Status = JobStatus.Cancelled, Requests = new Counts(), At = time.GetUtcNow() });
        if (_state.Control.CancelRequested && _planStop is not null) await _planStop.CancelAsync();
        return await StatusAsync();
    }

    public async Task<JobProgress> SetShareAsync(double weight, int priority)
    {
        if (!(weight > 0) || !double.IsFinite(weight)) throw new ArgumentOutOfRangeException(nameof(weight), weight, "A job's weight is above 0 and finite.");
        await ChangeAsync(control => control with { Weight = weight, Priority = priority });
        return Progress();
    }

    public async Task<JobId> RetryFailedAsync()
    {
        if (_state.Spec is null) await LoadAsync(CancellationToken.None);
        if (_state.Spec is not { } spec) throw NoSuchJob();
        if (_state.End is not { } end) throw new InvalidOperationException($"Job {_job} has not ended: what failed can be tried again when it has.");
        if (end.Status == JobStatus.Completed && end.Requests.Failed == 0) return _job;
        var next = JobIds.Next(_job);
        await GrainFactory.GetGrain<IJobGrain>(next.Value).StartAsync(spec with { Weight = _state.Share.Weight, Priority = _state.Share.Priority });
        return next;
    }

    public async Task<Lease?> LeaseAsync(string worker, CancellationToken cancellationToken = default)
    {
        if (_ranges is not { } ranges) return null;
        await ExpireAsync();
        while (_state.GivesOut && ranges.Choose() is >= 0 and var range)
        {
            Lease? lease;
            try
            {
                lease = await TakeAsync(range, r => r.LeaseAsync(worker, null, cancellationToken));
            }
            finally
            {
                ranges.Called(range);
            }
            if (lease is null) continue;
            OnLeased();
            return lease;
        }
        if (_state.GivesOut && ranges.IsTail && await BackupAsync(worker, cancellationToken) is { } backup)
        {
            OnLeased();
            return backup;
        }
        MoveOn();
        return null;
    }

    public Task<LeaseState> HeartbeatAsync(ShardId shard, int attempt, string token) =>
        _state.End is not null ? Task.FromResult(LeaseState.Lost)
        : _state.Control.CancelRequested || _state.Decision is { Status: JobStatus.Cancelled } ? Task.FromResult(LeaseState.Cancelled)
        : Range(shard.Range).HeartbeatAsync(shard, attempt, token);

    public async Task ReportAsync(ShardId shard, int attempt, string token, AttemptReport report)
    {
        await Board.ChargeAsync(_job, report.EngineSeconds);
        if (_ranges is null) return;
        await TakeAsync(shard.Range, r => r.ReportAsync(shard, attempt, token, report));
        if (_state.End is not null) return;
        // A store that does not answer one worker is no reason to stop the others: where it answers nobody, this grain's own calls say so.
        if (report is { Outcome: AttemptOutcome.Failed, Error: { } error } && ErrorCodes.IsResumable(error.Code) && !ErrorCodes.IsTransient(error.Code)) await PauseForAsync(error);
        else if (report.Outcome == AttemptOutcome.Committed) _outage.Ended();
        MoveOn();
        Told();
    }

    private async Task ChangeAsync(Func<JobControl, JobControl> change)
    {
        if (_state.Spec is null) await LoadAsync(CancellationToken.None);
        if (_state.Spec is null) throw NoSuchJob();
        await _state.ChangeAsync(change);
        if (_state.End is null) await Board.RegisterAsync(_state.Share);
        GiveUpIfSuspect(0);
    }

    // Another activation was at work: this one may be the one that nobody should talk to. The next call reads the store and decides by what it says.
    private T GiveUpIfSuspect<T>(T answer)
    {
        if (_state.IsSuspect)
        {
            LogSuspect(logger, _job);
            DeactivateOnIdle();
        }
        return answer;
    }

    private InvalidOperationException NoSuchJob() => new($"There is no job {_job}.");

    private IShardRangeGrain Range(int range) => GrainFactory.GetGrain<IShardRangeGrain>(ShardRangeGrain.Key(_job, range));

    private void OnLeased()
    {
        instruments.OnLeased();
        book.OnLeased(_job);
    }

    private JobProgress Told()
    {
        var progress = Progress();
        // A job that ended in another process is looked at, not worked on.
        if (_state.Spec is not null && (_state.End is null || _endedHere)) book.Put(progress);
        return progress;
    }

    private JobProgress Progress()
    {
        var sum = _ranges?.Sum ?? new RangeProgress { Range = -1 };
        // A zombie may come back after the end: its refused write is counted all the same.
        if (_state.End?.Progress is { } last)
        {
            return last with
            {
                Status = _state.End.Status,
                Requests = _state.End.Requests,
                Error = _state.End.Error,
                StaleCommits = Math.Max(last.StaleCommits, sum.StaleCommits),
                // What another process ended was all done before this one.
                ImagesAdopted = _endedHere ? last.ImagesAdopted : last.ImagesDone,
            };
        }
        var plan = _state.Plan;
        return new JobProgress
        {
            Job = _job,
            Status = _state.End?.Status
                ?? (_finishing is not null || _state.Decision is not null ? JobStatus.Finalizing
                : _state.Control.CancelRequested ? JobStatus.Cancelling
                : plan is null ? JobStatus.Validating
                : JobStatus.InProgress),
            Paused = _state.End is null && _state.Paused,
            Images = plan?.Images ?? Volatile.Read(ref _found),
            ImagesDone = sum.ImagesDone,
            ImagesAdopted = sum.ImagesAdopted,
            Requests = _state.End is { Status: not JobStatus.Failed } ? _state.End.Requests : sum.Requests with { Total = plan?.Requests ?? 0 },
            Shards = plan?.Shards ?? 0,
            ShardsDone = sum.ShardsDone,
            Leased = sum.Leased,
            StaleCommits = sum.StaleCommits,
            PromptTokens = sum.PromptTokens,
            CompletionTokens = sum.CompletionTokens,
            Error = _state.End?.Error ?? (_state.End is null ? _state.Error : null),
            Weight = _state.Share.Weight,
            Priority = _state.Share.Priority,
        };
    }
}
