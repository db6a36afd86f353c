using Dpvr.Cli.Cluster;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Jobs;

namespace Dpvr.Chaos.Harness;

/// <summary>A job of the cluster under test, seen through its blobs.</summary>
internal sealed class ChaosJob
{
    /// <summary>Far beyond what a loaded machine needs: a job that takes longer hangs.</summary>
    private static readonly TimeSpan s_bounded = TimeSpan.FromSeconds(150);

    private readonly MarkerWatch _watch;

    public ChaosJob(ChaosCluster cluster, JobId id, JobSpec spec)
    {
        (Cluster, Id, Spec) = (cluster, id, spec);
        _watch = new MarkerWatch(this);
    }

    public JobId Id { get; }

    public JobSpec Spec { get; }

    public ChaosCluster Cluster { get; }

    private JobStore Store => Cluster.Store;

    /// <summary>Shards with a completion marker.</summary>
    public async Task<int> CommittedAsync() => (await CommittedShardsAsync()).Count;

    public async Task<HashSet<ShardId>> CommittedShardsAsync()
    {
        var shards = new HashSet<ShardId>();
        await foreach (var marker in Store.ListDoneAsync(Id, 0)) shards.Add(marker.Shard);
        await _watch.LookAsync();
        return shards;
    }

    public async Task<List<DoneMarker>> MarkersAsync()
    {
        var markers = new List<DoneMarker>();
        await foreach (var marker in Store.ListDoneAsync(Id, 0)) markers.Add(marker);
        return markers;
    }

    public async Task<List<AttemptRecord>> AttemptsAsync()
    {
        var attempts = new List<AttemptRecord>();
        await foreach (var attempt in Store.ListAttemptsAsync(Id, 0)) attempts.Add(attempt);
        return attempts;
    }

    /// <summary>Waits for the middle of the job: this many shards more are committed, and it has not ended.</summary>
    public async Task MoreCommittedAsync(int more)
    {
        var wanted = await CommittedAsync() + more;
        await Poll.UntilAsync(async () => await CommittedAsync() >= wanted, s_bounded, $"{wanted} shards are committed");
        (await Store.ReadEndAsync(Id)).Should().BeNull("the job is meant to be in its middle");
    }

    /// <summary>Attempts of a worker that are open: its shards have no marker, unless those are wanted too.</summary>
    public async Task<List<AttemptRecord>> HeldByAsync(ChaosMember worker, bool committedToo = false)
    {
        var committed = await CommittedShardsAsync();
        return [.. (await AttemptsAsync()).Where(a => a.Worker == worker.Name && a.Outcome == AttemptOutcome.Open && (committedToo || !committed.Contains(a.Shard)))];
    }

    public async Task<bool> HasEndedAsync() => await Store.ReadEndAsync(Id) is not null;

    /// <summary>Whether an attempt's data is written: the next thing that it does is the commit.</summary>
    public Task<bool> IsStagedAsync(AttemptRecord attempt) => Store.Blobs.ExistsAsync(Store.Layout.Job(Id) + JobLayout.DataName(attempt.Shard, attempt.Attempt));

    /// <summary>Waits until a worker holds shards.</summary>
    public Task WorkedOnByAsync(ChaosMember worker) => Poll.UntilAsync(async () => (await HeldByAsync(worker)).Count > 0, s_bounded, $"{worker.Name} has a shard");

    /// <summary>Stops a worker (SIGSTOP) while it holds shards, which nobody can have committed by then: these.</summary>
    public async Task<List<AttemptRecord>> StopInHandAsync(ChaosMember worker)
    {
        while (true)
        {
            await WorkedOnByAsync(worker);
            worker.Suspend();
            if (await HeldByAsync(worker) is { Count: > 0 } held) return held;
            worker.Continue();
        }
    }

    /// <summary>Waits until every one of these shards was given to somebody else or is done; how long that took.</summary>
    public Task<TimeSpan> TakenOverAsync(IReadOnlyList<AttemptRecord> lost, TimeSpan within) => Poll.UntilAsync(async () =>
    {
        var committed = await CommittedShardsAsync();
        var attempts = await AttemptsAsync();
        return lost.All(l => committed.Contains(l.Shard) || attempts.Exists(a => a.Shard == l.Shard && a.Attempt > l.Attempt));
    }, within, $"{lost.Count} shards of a lost worker are tried again");

    /// <summary>Waits until none of these attempts holds its shard any more: it is done, or free for others. Looks seldom: many may be waited for at once.</summary>
    public Task<TimeSpan> FreedAsync(IReadOnlyList<AttemptRecord> lost, TimeSpan within) => Poll.UntilAsync(async () =>
    {
        if (await HasEndedAsync()) return true;
        foreach (var attempt in lost)
            if (await Store.ReadAttemptAsync(Id, attempt.Shard, attempt.Attempt) is { Outcome: AttemptOutcome.Open } && await Store.ReadDoneAsync(Id, attempt.Shard) is null)
                return false;
        return true;
    }, within, $"{lost.Count} shards of a lost worker are free", TimeSpan.FromMilliseconds(250));

    public async Task<JobEnd> EndAsync(TimeSpan? within = null)
    {
        JobEnd? end = null;
        var took = await Poll.UntilAsync(async () =>
        {
            await LookAsync();
            return (end = await Store.ReadEndAsync(Id)) is not null;
        }, within ?? s_bounded, $"job {Id} has ended");
        Cluster.Run.Log($"job {Id} is {end!.Status} after another {took.TotalSeconds:0.0} s");
        return end;
    }

    /// <summary>What no job may come to, seen while it runs: a run that goes wrong without end would else only be seen by its end that does not come.</summary>
    public async Task LookAsync()
    {
        await _watch.LookAsync();
        foreach (var shard in (await AttemptsAsync()).Where(static a => a.Outcome is AttemptOutcome.Failed or AttemptOutcome.Expired).GroupBy(static a => a.Shard))
            if (shard.Count() > Spec.MaxAttempts)
                throw new InvariantException("I3", $"shard {shard.Key} failed {shard.Count()} times, the job allows {Spec.MaxAttempts}");
    }

    /// <summary>What the cluster says of it.</summary>
    public async Task<JobProgress> StatusAsync()
    {
        await using var client = await Cluster.ConnectAsync();
        return await StatusAsync(client);
    }

    /// <summary>The same over a connection that stays open.</summary>
    public Task<JobProgress> StatusAsync(ClusterClient client) => ClusterClient.CallAsync(() => client.Job(Id).StatusAsync(), CancellationToken.None);

    /// <summary>Asks the cluster while it runs: it may be behind the store, never ahead of it.</summary>
    /// <exception cref="InvariantException">I2: it counts what nobody committed.</exception>
    public async Task CheckCountsAsync(ClusterClient client)
    {
        var said = (await StatusAsync(client)).ImagesDone;
        var committed = (await MarkersAsync()).Where(static m => m.SplitInto == 0).Sum(static m => m.Images);
        if (said > committed) throw new InvariantException("I2", $"the API says that {said} pictures are done, the files have {committed}");
    }

    /// <summary>Waits for the end, then recomputes the invariants from what was written.</summary>
    /// <exception cref="InvariantException">One does not hold.</exception>
    public async Task<JobVerdict> VerifyAsync(JobExpectation? expect = null)
    {
        await EndAsync();
        await using var client = await Cluster.ConnectAsync();
        return await InvariantCheck.RunAsync(this, expect ?? new JobExpectation(), client);
    }

    /// <summary>The same over a connection that stays open.</summary>
    public async Task<JobVerdict> VerifyAsync(JobExpectation expect, ClusterClient client)
    {
        await EndAsync();
        return await InvariantCheck.RunAsync(this, expect, client);
    }
}
