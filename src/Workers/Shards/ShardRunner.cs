using System.Collections.Concurrent;
using System.Diagnostics;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Faults;
using Dpvr.Data.Identity;
using Dpvr.Data.Jobs;
using Dpvr.Data.Sources;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Pipeline;
using Dpvr.Workers.Waits;
using Microsoft.Extensions.Logging;

namespace Dpvr.Workers.Shards;

/// <summary>One lease from its beginning to its report: heartbeats, pipeline, commit. Never throws: every end is an outcome.</summary>
internal sealed partial class ShardRunner(
    IGrainFactory grains, JobStore store, ShardCommitter committer, EngineHost engines, PicturePipeline pipeline, PipelineGauge gauge,
    WorkerStatus status, WorkerInstruments instruments, TimeProvider time, ILogger<ShardRunner> log, EarlierAnswers? earlier = null, IPictureUrls? urls = null)
{
    private readonly ConcurrentDictionary<JobId, JobContext> _jobs = new();

    /// <param name="lease">What to do.</param>
    /// <param name="before">Work that must have ended before this begins; heartbeats hold the lease until then.</param>
    /// <param name="abandon">Gives the lease back.</param>
    /// <param name="silence">Ends even the report: nobody may be there to hear it.</param>
    public async Task RunAsync(Lease lease, Task before, CancellationToken abandon, CancellationToken silence)
    {
        var begun = time.GetTimestamp();
        using var trace = Traces.Shard(lease);
        using var drop = CancellationTokenSource.CreateLinkedTokenSource(abandon);
        using var ended = new CancellationTokenSource();
        var heartbeats = Mutants.Are(Mutant.LostHeartbeat) ? Task.FromResult(LeaseState.Held) : HeartbeatAsync(lease, drop, ended.Token);
        var report = await AttemptAsync(lease, before, trace, drop.Token);
        await ended.CancelAsync();
        var state = await heartbeats;

        trace?.SetTag("dpvr.outcome", report.Outcome.ToString().ToLowerInvariant());
        instruments.OnShardEnded(report.Outcome.ToString().ToLowerInvariant(), time.GetElapsedTime(begun));
        LogEnded(lease.Job, lease.Shard, lease.Attempt, report.Outcome, report.Error?.Code, report.Error?.Message);
        // Whoever lost the lease has nothing to say about it, unless it committed before it heard.
        if (state == LeaseState.Lost && report.Outcome == AttemptOutcome.Released) return;
        status.OnReporting(lease);
        try
        {
            await ReportAsync(lease, report, silence);
        }
        finally
        {
            status.OnReported(lease);
        }
    }

    private async Task<AttemptReport> AttemptAsync(Lease lease, Task before, Activity? trace, CancellationToken cancellationToken)
    {
        ShardWork? shard = null;
        try
        {
            await Failpoints.HitAsync(Failpoints.AfterLease, cancellationToken);
            await before.WaitAsync(cancellationToken);
            var context = await ContextAsync(lease.Job, cancellationToken);
            var items = await store.ReadItemsAsync(lease.Plan, cancellationToken);
            if (earlier is not null) await earlier.LearnAsync(lease, cancellationToken);
            var engine = await engines.ForAsync(context.Spec, cancellationToken);
            if (await ReadyAsync(engine, cancellationToken) is not { } ready) return Report(AttemptOutcome.Released, null);

            shard = new ShardWork(lease, context, items, engine, ready, cancellationToken, trace);
            status.OnBegun(shard);
            await pipeline.EnterAsync(shard);
            var records = await shard.FinishedAsync();
            return await CommitAsync(shard, records, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Report(AttemptOutcome.Released, null);
        }
        catch (BlobStoreException e)
        {
            if (ErrorCodes.IsTransient(e.Code)) status.OnStoreFault();
            return Report(AttemptOutcome.Failed, e.ToError());
        }
        catch (DatasetException e)
        {
            return Report(AttemptOutcome.Failed, new ItemError(e.Code, e.Message));
        }
        catch (Exception e)
        {
            LogFailed(e, lease.Job, lease.Shard, lease.Attempt);
            return Report(AttemptOutcome.Failed, new ItemError(ErrorCodes.Internal, $"{e.GetType().Name}: {e.Message}"));
        }
        finally
        {
            if (shard is not null) status.OnEnded(shard);
        }

        AttemptReport Report(AttemptOutcome outcome, ItemError? error) => new() { Outcome = outcome, Error = error, EngineSeconds = shard?.EngineSeconds ?? 0 };
    }

    /// <summary>Null when the engine could not be made: that accuses the worker, not the shard, and no attempt is consumed.</summary>
    private async Task<EngineReady?> ReadyAsync(EngineThread engine, CancellationToken cancellationToken)
    {
        try
        {
            var ready = await engine.Ready.WaitAsync(cancellationToken);
            status.OnEngine(ready.Description);
            return ready;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNoEngine(e);
            status.OnEngineFault(e);
            return null;
        }
    }

    private async Task<AttemptReport> CommitAsync(ShardWork shard, IReadOnlyList<ItemRecord> records, CancellationToken cancellationToken)
    {
        gauge.Writing(+1);
        var begun = time.GetTimestamp();
        using var span = Traces.Below(shard.Trace, "commit");
        try
        {
            if (Mutants.Are(Mutant.EarlyReport)) await ReportAsync(shard.Lease, new() { Outcome = AttemptOutcome.Committed }, cancellationToken);
            var result = await committer.CommitAsync(shard.Lease, shard.Items, shard.Job.Prompts, records, shard.EngineSeconds, cancellationToken);
            status.OnStoreAnswers();
            instruments.OnWritten(time.GetElapsedTime(begun));
            return new() { Outcome = result == CommitResult.Committed ? AttemptOutcome.Committed : AttemptOutcome.Stale, EngineSeconds = shard.EngineSeconds };
        }
        finally
        {
            gauge.Writing(-1);
        }
    }

    private async Task<JobContext> ContextAsync(JobId job, CancellationToken cancellationToken)
    {
        if (_jobs.TryGetValue(job, out var known)) return known;
        var spec = await store.ReadSpecAsync(job, cancellationToken) ?? throw new BlobStoreException(ErrorCodes.Internal, $"Job {job} has no specification.");
        return _jobs.GetOrAdd(job, JobContext.Of(spec, new SourceAccess { Store = store.Blobs, Urls = urls }));
    }

    /// <summary>Says every third of the lease that the work goes on; drops it when it is no longer wanted.</summary>
    private async Task<LeaseState> HeartbeatAsync(Lease lease, CancellationTokenSource drop, CancellationToken ended)
    {
        var job = grains.GetGrain<IJobGrain>(lease.Job.Value);
        using var timer = new PeriodicTimer(lease.Duration / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                LeaseState state;
                try
                {
                    state = await job.HeartbeatAsync(lease.Shard, lease.Attempt, lease.Token).WaitAsync(lease.Duration / 3, time, ended);
                }
                catch (Exception e) when (!ended.IsCancellationRequested)
                {
                    // Whatever it was: the work goes on. A coordinator that comes back gives open leases the time of two heartbeats, and what commits is decided by the store.
                    LogHeartbeatMissed(lease.Job, lease.Shard, e.Message);
                    continue;
                }
                if (state == LeaseState.Held || Mutants.Are(Mutant.NoFencing)) continue;
                LogDropped(lease.Job, lease.Shard, lease.Attempt, state);
                await drop.CancelAsync();
                return state;
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
        return LeaseState.Held;
    }

    private async Task ReportAsync(Lease lease, AttemptReport report, CancellationToken silence)
    {
        try
        {
            await Failpoints.HitAsync(Failpoints.BeforeReport, silence);
            var job = grains.GetGrain<IJobGrain>(lease.Job.Value);
            await GrainCalls.RetryAsync(async () =>
            {
                await job.ReportAsync(lease.Shard, lease.Attempt, lease.Token, report);
                return true;
            }, GrainCalls.ReportPatience, time, silence);
        }
        catch (Exception e)
        {
            LogReportLost(e, lease.Job, lease.Shard, lease.Attempt); // the store knows what was committed, and the lease ends by itself
        }
    }
}
