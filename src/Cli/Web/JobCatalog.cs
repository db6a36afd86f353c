using System.Collections.Concurrent;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Dashboard.Jobs;
using Dpvr.Data.Jobs;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Intake;

namespace Dpvr.Cli.Web;

/// <summary>
/// The store's jobs in memory, for lists: one that has ended is read once, one that has not is asked each time somebody looks. Ten thousand jobs are read in the background;
/// until then a list says how many it does not know yet.
/// </summary>
internal sealed class JobCatalog(JobStore store, IGrainFactory grains, JobIntake intake, SourceRoots roots, TimeProvider time) : IDisposable
{
    private const int AtOnce = 8;
    private static readonly TimeSpan s_fresh = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan s_shown = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_unseen = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(250); // then a list shows what is known so far
    private readonly ConcurrentDictionary<JobId, KnownJob> _jobs = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IReadOnlyList<JobId> _unread = [];
    private Task _reading = Task.CompletedTask;
    private long? _asked;

    public async Task<JobsPage> ListAsync(JobsQuery query, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        var rows = _jobs.Values.Select(static job => job.Row).Where(row => JobSelection.Fits(row, query));
        var fit = JobSelection.Order(rows, query).ToList();
        var page = fit.Skip(query.Page * JobsQuery.PageSize).Take(JobsQuery.PageSize).ToList();
        foreach (var row in page)
            if (_jobs.TryGetValue(row.Id, out var job)) job.ShownAt = time.GetTimestamp();
        return new JobsPage(page, fit.Count, _reading.IsCompleted ? 0 : _unread.Count(id => !_jobs.ContainsKey(id)));
    }

    /// <summary>One job as it stands now; null: there is none.</summary>
    public async Task<KnownJob?> FindAsync(JobId id, CancellationToken cancellationToken)
    {
        if (_jobs.TryGetValue(id, out var known))
        {
            if (!known.Row.HasEnded) await AskAsync(id, known, cancellationToken);
            return known;
        }
        return await ReadAsync(id, cancellationToken);
    }

    public void Dispose() => _gate.Dispose();

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Different questions of different viewers within a moment are answered by one look.
            if (_asked is { } at && time.GetElapsedTime(at) < s_fresh) return;
            var ids = (await store.ListJobsAsync(cancellationToken)).ToHashSet();
            foreach (var gone in _jobs.Keys.Where(id => !ids.Contains(id)).ToList()) _jobs.TryRemove(gone, out _);
            if (_reading.IsCompleted)
            {
                _unread = [.. ids.Where(id => !_jobs.ContainsKey(id))];
                if (_unread.Count > 0) _reading = Task.Run(() => ReadManyAsync(_unread), CancellationToken.None);
            }
            await Task.WhenAny(_reading, Task.Delay(s_patience, time, cancellationToken));
            if (_reading.IsFaulted) await _reading;
            var open = _jobs.Where(job => !job.Value.Row.HasEnded && IsDue(job.Value)).ToList();
            await Parallel.ForEachAsync(open, Options(cancellationToken), async (job, stop) => await AskAsync(job.Key, job.Value, stop));
            _asked = time.GetTimestamp();
        }
        finally
        {
            _gate.Release();
        }
    }

    // What is on somebody's page is asked each time. Of thousands that wait behind it their order is what counts, which may be some seconds old.
    private bool IsDue(KnownJob job) => Within(job.ShownAt, s_shown) || !Within(job.AskedAt, s_unseen);

    private bool Within(long at, TimeSpan span) => at != KnownJob.Never && time.GetElapsedTime(at) < span;

    private Task ReadManyAsync(IReadOnlyList<JobId> ids) => Parallel.ForEachAsync(ids, Options(CancellationToken.None), async (id, stop) => await ReadAsync(id, stop));

    private static ParallelOptions Options(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };

    private async Task<KnownJob?> ReadAsync(JobId id, CancellationToken cancellationToken)
    {
        if (await store.ReadSpecAsync(id, cancellationToken) is not { } spec) return null;
        var known = new KnownJob(id, spec, await intake.ReadAsync(id, cancellationToken));
        if (await store.ReadEndAsync(id, cancellationToken) is { } end) known.Take(Shown(Of(id, end)), end, end.At);
        else await AskAsync(id, known, cancellationToken);
        return _jobs.GetOrAdd(id, known);
    }

    private async Task AskAsync(JobId id, KnownJob known, CancellationToken cancellationToken)
    {
        var progress = await GrainCalls.AskAsync(() => grains.GetGrain<IJobGrain>(id.Value).StatusAsync(), cancellationToken);
        var end = progress.Status.IsTerminal() ? await store.ReadEndAsync(id, cancellationToken) : null;
        known.Take(Shown(progress), end, time.GetUtcNow());
        known.AskedAt = time.GetTimestamp();
    }

    private static JobProgress Of(JobId id, JobEnd end) =>
        (end.Progress ?? new JobProgress { Job = id }) with { Status = end.Status, Requests = end.Requests, Error = end.Error };

    private JobProgress Shown(JobProgress progress) => progress.Error is { } error ? progress with { Error = error with { Message = roots.Hide(error.Message) } } : progress;
}
