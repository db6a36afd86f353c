using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Faults;
using Dpvr.Data.Jobs;
using Dpvr.Data.Sources;
using Orleans.Runtime;

namespace Dpvr.Silo.Jobs;

/// <summary>How a job moves on: load, plan, expire, back up, finish.</summary>
internal sealed partial class JobGrain
{
    private const int LoadsAtOnce = 8;
    private static readonly TimeSpan s_backupLook = TimeSpan.FromSeconds(1);
    private CancellationTokenSource? _planStop;
    private Task? _planning;
    private Task? _finishing;
    private bool _endedHere;
    private long _found;
    private long? _expired;
    private long? _lookedForStragglers;

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _state.LoadAsync(cancellationToken);
        if (_state.Plan is { } plan) await TakePlanAsync(plan, cancellationToken);
    }

    private async Task TakePlanAsync(JobPlan plan, CancellationToken cancellationToken)
    {
        var ranges = new JobRanges(JobRanges.CountOf(plan));
        var open = new HashSet<int>(await store.ListTouchedRangesAsync(_job, cancellationToken));
        await foreach (var sum in store.ListSumsAsync(_job, cancellationToken))
            if (open.Remove(sum.Range))
                ranges.Take(sum with { ImagesAdopted = sum.ImagesDone });
        _ranges = ranges;
        // The end says what there is to show: the shards of a job that has one are not read again.
        if (_state.End is not null) return;
        foreach (var some in open.Where(range => range < ranges.Count).Order().Chunk(LoadsAtOnce))
            await Task.WhenAll(some.Select(range => TakeAsync(range, static r => r.StatusAsync())));
    }

    private async Task<Lease?> TakeAsync(int range, Func<IShardRangeGrain, Task<RangeReply>> call)
    {
        RangeReply reply;
        try
        {
            reply = await call(Range(range));
        }
        catch (Exception e) when (e is BlobStoreException or InvalidOperationException or IOException && !IsOfTheHost(e))
        {
            // Not a lost silo, which the caller tries again, but blobs that are not there or contradict each other.
            LogFault(logger, e, _job);
            await PauseForAsync(e is BlobStoreException b ? b.ToError() : new ItemError(ErrorCodes.Internal, e.Message));
            return null;
        }
        _ranges!.Take(reply.Progress);
        _usual.Add(reply.Seconds);
        if (reply.Error is { } error && _state.End is null) await PauseForAsync(error);
        return reply.Lease;
    }

    // Every lease has at least most of its time: to look at them a few times within it is enough, whoever asks how often.
    private async Task ExpireAsync()
    {
        if (_ranges is not { } ranges || _state.End is not null || _finishing is not null) return;
        if (_expired is { } before && time.GetElapsedTime(before) < options.Value.LeaseDuration / 8) return;
        _expired = time.GetTimestamp();
        foreach (var range in ranges.Leased.ToArray()) await TakeAsync(range, static r => r.StatusAsync());
    }

    private async Task<Lease?> BackupAsync(string worker, CancellationToken cancellationToken)
    {
        if (_usual.Rule() is not { } rule) return null;
        if (_lookedForStragglers is { } before && time.GetElapsedTime(before) < s_backupLook) return null;
        _lookedForStragglers = time.GetTimestamp();
        foreach (var range in _ranges!.Leased.ToArray())
            if (await TakeAsync(range, r => r.LeaseAsync(worker, rule, cancellationToken)) is { } lease)
            {
                LogBackup(logger, _job, lease.Shard, worker);
                _lookedForStragglers = null;
                return lease;
            }
        return null;
    }

    private async Task PauseForAsync(ItemError error)
    {
        LogPaused(logger, _job, error.Code, error.Message);
        if (ErrorCodes.IsTransient(error.Code)) _outage.Seen();
        await _state.PauseForAsync(error);
        await Board.RegisterAsync(_state.Share);
    }

    private void MoveOn()
    {
        if (_state.Spec is null || _state.End is not null || _finishing is not null || _stopping.IsCancellationRequested || _state.Error is not null) return;
        if (_state.Plan is null && _state.Decision is null)
        {
            if (_state.Control.CancelRequested && _planning is null) _finishing = RunAsync(FinishAsync, () => _finishing = null);
            else if (!_state.Paused && !_state.Control.CancelRequested) _planning ??= RunAsync(PlanAsync, () => _planning = null);
            return;
        }
        var stops = _state.Control.CancelRequested && _ranges is { Sum.Leased: 0 };
        if (_state.Decision is not null || _ranges is { AreComplete: true } || stops) _finishing = RunAsync(FinishAsync, () => _finishing = null);
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
        using var stop = _planStop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        try
        {
            var plan = await Task.Run(() => planner.PlanAsync(_job, _state.Spec!, found => Volatile.Write(ref _found, found), stop.Token));
            LogPlanned(logger, _job, plan.Images, plan.Shards);
            // First what was done of it: a job that says it runs gives out work, and where the store fails in between, it is planned anew, which finds the plan.
            await TakePlanAsync(plan, _stopping.Token);
            _state.Take(plan);
        }
        catch (DatasetException e)
        {
            await _state.DecideAsync(JobStatus.Failed, new ItemError(e.Code, e.Message));
            await EndAsync(new Counts());
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            // Cancelled while it was planned: MoveOn ends it.
        }
        finally
        {
            _planStop = null;
        }
        if (_state.Spec is not null && _state.End is null) await Board.RegisterAsync(_state.Share);
    }

    private async Task FinishAsync()
    {
        var decision = await _state.DecideAsync(_ranges is { AreComplete: true } ? JobStatus.Completed : JobStatus.Cancelled);
        await Failpoints.HitAsync(Failpoints.BeforeFinish, _stopping.Token);
        if (decision.Status == JobStatus.Failed || (_state.Plan is null && await store.ReadPlanAsync(_job, _stopping.Token) is null))
        {
            await EndAsync(new Counts());
            return;
        }
        var manifest = await Task.Run(() => output.AssembleAsync(_job, decision.Status, _stopping.Token));
        await EndAsync(manifest.Requests, manifest);
        await RemoveEarlierAsync();
    }

    // Where all generations share one output, the one that ended now replaces those before. Elsewhere each is a job of its own, with its own output.
    private async Task RemoveEarlierAsync()
    {
        foreach (var other in await store.ListJobsAsync())
            if (JobIds.Split(other) is var (family, generation) && JobIds.Split(_job) is var (mine, current) && family == mine && generation < current && store.Layout.OutputOf(other) == store.Layout.OutputOf(_job))
                await store.Blobs.DeletePrefixAsync(store.Layout.Job(other));
    }

    private async Task EndAsync(Counts requests, OutputManifest? manifest = null)
    {
        var decision = _state.Decision!;
        var progress = Progress() with { Status = decision.Status, Requests = requests, Paused = false, Leased = 0, Error = decision.Error };
        if (manifest is not null) progress = progress with { PromptTokens = manifest.PromptTokens, CompletionTokens = manifest.CompletionTokens };
        // Another activation may have done the last shards.
        if (decision.Status == JobStatus.Completed) progress = progress with { ImagesDone = progress.Images, ShardsDone = progress.Shards };
        _endedHere = true;
        await _state.EndAsync(new JobEnd { Status = decision.Status, Requests = requests, At = time.GetUtcNow(), Error = decision.Error, Progress = progress });
        // Another activation's end counts there.
        if (_state.End!.Status == decision.Status && !_state.IsSuspect) instruments.Commits.OnSkipped(decision.Status == JobStatus.Cancelled ? progress.Images - progress.ImagesDone : 0, requests.Skipped);
        Told();
        LogEnded(logger, _job, _state.End!.Status, _state.End.Requests.Succeeded, _state.End.Requests.Failed);
        await Board.RemoveAsync(_job);
    }
}
