using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Output;
using Dpvr.Data.Sources;
using Dpvr.Silo.Hosting;
using Dpvr.Silo.Ranges;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Dpvr.Silo.Jobs;

/// <summary>
/// Moves one job on: plan, give out, finish. Reentrant, so that a slow plan or a slow range holds up nobody; planning and finishing each run at most once at a time,
/// and each is safe to be run again by another activation.
/// </summary>
[Reentrant]
internal sealed partial class JobGrain(JobStore store, JobPlanner planner, JobOutput output, [FromKeyedServices(DpvrSilo.Clock)] TimeProvider time, ILogger<JobGrain> logger) : Grain, IJobGrain
{
    private readonly CancellationTokenSource _stopping = new();
    private JobId _job;
    private JobSpec? _spec;
    private JobPlan? _plan;
    private JobEnd? _end;
    private JobControl _control = new();
    private RangeProgress?[] _ranges = [];
    private Task? _planning;
    private Task? _finishing;
    private long _found;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _job = new JobId(this.GetPrimaryKeyString());
        await LoadAsync(cancellationToken);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_planning ?? Task.CompletedTask, _finishing ?? Task.CompletedTask);
        _stopping.Dispose();
    }

    public async Task<JobProgress> StartAsync(JobSpec spec)
    {
        _spec ??= await store.CreateSpecAsync(_job, spec);
        return await ResumeAsync();
    }

    public async Task<JobProgress> ResumeAsync()
    {
        if (_spec is null) await LoadAsync(CancellationToken.None);
        if (_spec is null) throw new InvalidOperationException($"There is no job {_job}.");
        if (_end is not null) return Progress();
        if (_control.Paused || _control.Error is not null) await ControlAsync(_control with { Paused = false, Error = null });
        await GrainFactory.GetGrain<IJobBoardGrain>(0).RegisterAsync(_job, _spec.Weight);
        return await StatusAsync();
    }

    public async Task<JobProgress> StatusAsync()
    {
        if (_end is null && _plan is not null && _finishing is null)
            for (var range = 0; range < _ranges.Length; range++)
                if (_ranges[range] is not { IsComplete: true })
                    await TakeAsync(range, static r => r.StatusAsync());
        MoveOn();
        return Progress();
    }

    public async Task<JobProgress> PauseAsync()
    {
        if (_end is null) await ControlAsync(_control with { Paused = true });
        return Progress();
    }

    public async Task<JobProgress> CancelAsync()
    {
        if (_end is null && !_control.CancelRequested) await ControlAsync(_control with { CancelRequested = true });
        return await StatusAsync();
    }

    public async Task<Lease?> LeaseAsync(string worker, CancellationToken cancellationToken = default)
    {
        if (_plan is null || !GivesOut) return null;
        for (var range = 0; range < _ranges.Length; range++)
        {
            if (_ranges[range] is { IsComplete: true }) continue;
            if (await TakeAsync(range, r => r.LeaseAsync(worker, cancellationToken)) is { } lease) return lease;
            if (!GivesOut) return null;
        }
        MoveOn();
        return null;
    }

    public Task<LeaseState> HeartbeatAsync(ShardId shard, int attempt, string token) =>
        _end is not null ? Task.FromResult(LeaseState.Lost)
        : _control.CancelRequested ? Task.FromResult(LeaseState.Cancelled)
        : Range(shard.Range).HeartbeatAsync(shard, attempt, token);

    public async Task ReportAsync(ShardId shard, int attempt, string token, AttemptReport report)
    {
        await GrainFactory.GetGrain<IJobBoardGrain>(0).ChargeAsync(_job, report.EngineSeconds);
        if (_plan is null) return;
        await TakeAsync(shard.Range, r => r.ReportAsync(shard, attempt, token, report));
        if (_end is not null) return;
        if (report is { Outcome: AttemptOutcome.Failed, Error: { } error } && ErrorCodes.IsResumable(error.Code)) await PauseForAsync(error);
        MoveOn();
    }

    private bool GivesOut => _spec is not null && _end is null && _finishing is null && !_control.Paused && !_control.CancelRequested;

    private bool IsComplete => _plan is not null && _ranges.All(static r => r is { IsComplete: true });

    private IShardRangeGrain Range(int range) => GrainFactory.GetGrain<IShardRangeGrain>(ShardRangeGrain.Key(_job, range));

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        _spec = await store.ReadSpecAsync(_job, cancellationToken);
        if (_spec is null) return;
        _control = await store.ReadControlAsync(_job, cancellationToken);
        _end = await store.ReadEndAsync(_job, cancellationToken);
        if (await store.ReadPlanAsync(_job, cancellationToken) is { } plan) await TakePlanAsync(plan);
    }

    private async Task TakePlanAsync(JobPlan plan)
    {
        _ranges = new RangeProgress?[(plan.Shards + ShardId.ShardsPerRange - 1) / ShardId.ShardsPerRange];
        _plan = plan;
        for (var range = 0; range < _ranges.Length; range++) await TakeAsync(range, static r => r.StatusAsync());
    }

    private async Task<Lease?> TakeAsync(int range, Func<IShardRangeGrain, Task<RangeReply>> call)
    {
        RangeReply reply;
        try
        {
            reply = await call(Range(range));
        }
        catch (Exception e) when (e is InvalidOperationException or IOException && !IsOfTheHost(e))
        {
            // Not a lost silo, which the caller tries again, but blobs that contradict each other: nobody but a person can help.
            LogFault(logger, e, _job);
            await PauseForAsync(new ItemError(ErrorCodes.Internal, e.Message));
            return null;
        }
        _ranges[range] = reply.Progress;
        if (reply.Error is { } error && _end is null) await PauseForAsync(error);
        return reply.Lease;
    }

    private async Task PauseForAsync(ItemError error)
    {
        LogPaused(logger, _job, error.Code, error.Message);
        await ControlAsync(_control with { Paused = true, Error = error });
    }

    private async Task ControlAsync(JobControl control)
    {
        // In memory first: where the store cannot be written, the pause must hold all the same.
        _control = control;
        try
        {
            await store.WriteControlAsync(_job, control);
        }
        catch (BlobStoreException e) when (control.Error is not null)
        {
            LogPaused(logger, _job, e.Code, e.Message);
        }
    }

    private void MoveOn()
    {
        if (_spec is null || _end is not null || _finishing is not null || _stopping.IsCancellationRequested) return;
        if (_plan is null)
        {
            if (_control.CancelRequested && _planning is null) _finishing = RunAsync(EndWithoutPlanAsync, () => _finishing = null);
            else if (!_control.Paused && !_control.CancelRequested) _planning ??= RunAsync(PlanAsync, () => _planning = null);
            return;
        }
        var idle = _ranges.All(static r => r is { Leased: 0 });
        if (_control.Error is null && (IsComplete || (_control.CancelRequested && idle))) _finishing = RunAsync(FinishAsync, () => _finishing = null);
    }

    // Background work of the grain: whatever goes wrong becomes the job's state, never an unseen exception.
    private async Task RunAsync(Func<Task> work, Action done)
    {
        await Task.Yield();
        try
        {
            await work();
        }
        catch (Exception e) when (_stopping.IsCancellationRequested || IsOfTheHost(e))
        {
            // A host that stops or is lost says nothing about the job: whoever asks next takes it up where it is.
            done();
            return;
        }
        catch (BlobStoreException e)
        {
            await PauseForAsync(e.ToError());
        }
        catch (Exception e)
        {
            LogFault(logger, e, _job);
            await PauseForAsync(new ItemError(ErrorCodes.Internal, e.Message));
        }
        done();
        // An empty job, or one cancelled meanwhile, has nobody else who would move it on.
        MoveOn();
    }

    private static bool IsOfTheHost(Exception e) => e is OrleansException or TimeoutException or ObjectDisposedException or OperationCanceledException;

    private async Task PlanAsync()
    {
        JobPlan plan;
        try
        {
            plan = await Task.Run(() => planner.PlanAsync(_job, _spec!, found => Volatile.Write(ref _found, found), _stopping.Token));
        }
        catch (DatasetException e)
        {
            await EndAsync(new JobEnd { Status = JobStatus.Failed, Requests = new Counts(), At = time.GetUtcNow(), Error = new ItemError(e.Code, e.Message) });
            return;
        }
        LogPlanned(logger, _job, plan.Images, plan.Shards);
        await TakePlanAsync(plan);
    }

    private async Task FinishAsync()
    {
        var status = IsComplete ? JobStatus.Completed : JobStatus.Cancelled;
        var manifest = await Task.Run(() => output.AssembleAsync(_job, status, _stopping.Token));
        await EndAsync(new JobEnd { Status = status, Requests = manifest.Requests, At = time.GetUtcNow() });
        foreach (var other in await store.ListJobsAsync())
            if (JobIds.Split(other) is var (family, generation) && JobIds.Split(_job) is var (mine, current) && family == mine && generation < current)
                await store.Blobs.DeletePrefixAsync(store.Layout.Job(other));
    }

    private Task EndWithoutPlanAsync() => EndAsync(new JobEnd { Status = JobStatus.Cancelled, Requests = new Counts(), At = time.GetUtcNow() });

    private async Task EndAsync(JobEnd end)
    {
        _end = await store.CreateEndAsync(_job, end);
        LogEnded(logger, _job, _end.Status, _end.Requests.Succeeded, _end.Requests.Failed);
        await GrainFactory.GetGrain<IJobBoardGrain>(0).RemoveAsync(_job);
    }

    private JobProgress Progress()
    {
        var known = _ranges.OfType<RangeProgress>().ToList();
        var counts = known.Aggregate(new Counts(), static (sum, r) => sum + r.Requests);
        return new JobProgress
        {
            Job = _job,
            Status = _end?.Status
                ?? (_finishing is not null ? JobStatus.Finalizing
                : _control.CancelRequested ? JobStatus.Cancelling
                : _plan is null ? JobStatus.Validating
                : JobStatus.InProgress),
            Paused = _end is null && _control.Paused,
            Images = _plan?.Images ?? Volatile.Read(ref _found),
            ImagesDone = known.Sum(static r => r.ImagesDone),
            ImagesAdopted = known.Sum(static r => r.ImagesAdopted),
            Requests = _end is { Status: not JobStatus.Failed } ? _end.Requests : counts with { Total = _plan?.Requests ?? 0 },
            Shards = _plan?.Shards ?? 0,
            ShardsDone = known.Sum(static r => r.ShardsDone),
            Leased = known.Sum(static r => r.Leased),
            StaleCommits = known.Sum(static r => r.StaleCommits),
            PromptTokens = known.Sum(static r => r.PromptTokens),
            CompletionTokens = known.Sum(static r => r.CompletionTokens),
            Error = _end?.Error ?? (_end is null ? _control.Error : null),
        };
    }
}
