using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Faults;
using Dpvr.Data.Jobs;
using Dpvr.Silo.Hosting;
using Dpvr.Silo.Telemetry;

namespace Dpvr.Silo.Ranges;

/// <summary>
/// The state of 1,024 shards, rebuilt from their markers and attempts. Not safe for parallel calls: its grain makes them one after the other. Two of them at work on
/// the same shards (a split cluster) do no harm: an attempt's number and a marker can each be created only once.
/// </summary>
internal sealed partial class ShardRange(JobStore store, JobId job, int range, DpvrSiloOptions options, TimeProvider time, ILogger logger, SiloInstruments? instruments = null)
{
    private readonly long _activation = Random.Shared.NextInt64();
    private readonly Dictionary<ShardId, ShardEntry> _open = [];
    private readonly SortedSet<ShardEntry> _ready = new(Comparer<ShardEntry>.Create(static (a, b) => a.Tries != b.Tries ? a.Tries.CompareTo(b.Tries) : a.Shard.CompareTo(b.Shard)));
    private readonly Dictionary<ShardId, ShardEntry> _leased = [];
    private readonly Dictionary<int, int> _leavesLeft = [];
    private readonly HashSet<(ShardId, int)> _stale = [];
    private JobSpec _spec = null!;
    private PlanIndex _index = null!;
    private RangeProgress _progress = new() { Range = range };
    private long _sequence;

    /// <summary>The range's sums now.</summary>
    public RangeProgress Progress => _progress with { Pending = _ready.Count, Leased = _leased.Count, StaleCommits = _stale.Count, Activation = _activation, Sequence = ++_sequence };

    /// <summary>Gives out the first shard in the queue, or null. With a backup rule, and an empty queue: a straggler's.</summary>
    public async Task<Lease?> LeaseAsync(string worker, BackupRule? backup, CancellationToken cancellationToken)
    {
        await ExpireAsync(cancellationToken);
        while (_ready.Min is { } entry)
        {
            // Once tried, an attempt that was thought lost may have committed since.
            if (entry.NextAttempt > 1 && await AdoptAsync(entry, cancellationToken)) continue;
            if (await ClaimAsync(entry, worker, cancellationToken) is not { } attempt) continue;
            _ready.Remove(entry);
            Hold(entry, attempt);
            return ToLease(entry, attempt);
        }
        return backup is null ? null : await BackupAsync(worker, backup, cancellationToken);
    }

    /// <summary>Prolongs a lease.</summary>
    public async Task<LeaseState> HeartbeatAsync(ShardId shard, int attempt, string token, CancellationToken cancellationToken)
    {
        if (!_open.TryGetValue(shard, out var entry)) return LeaseState.Lost;
        if (Find(entry, attempt, token) is not { } held)
        {
            // Given out by an activation that was there before, or beside this one: the store knows, and the work need not be lost.
            if (!entry.MayHoldOneMore(_spec.MaxAttempts) || await store.ReadAttemptAsync(job, shard, attempt, cancellationToken) is not { Outcome: AttemptOutcome.Open } open || open.Token != token) return LeaseState.Lost;
            if (await AdoptAsync(entry, cancellationToken)) return LeaseState.Lost;
            _ready.Remove(entry);
            entry.NextAttempt = Math.Max(entry.NextAttempt, attempt + 1);
            Hold(entry, open);
            return LeaseState.Held;
        }
        held.Deadline = Deadline();
        return LeaseState.Held;
    }

    /// <summary>Takes note of an attempt's end, as far as the store bears it out. Returns the seconds that a committed lease was held, else 0.</summary>
    public async Task<double> ReportAsync(ShardId shard, int attempt, string token, AttemptReport report, CancellationToken cancellationToken)
    {
        if (report.Outcome == AttemptOutcome.Stale) await CountStaleAsync(shard, attempt, token, cancellationToken);
        if (!_open.TryGetValue(shard, out var entry)) return 0;
        var held = Find(entry, attempt, token);
        if (report.Outcome is AttemptOutcome.Committed or AttemptOutcome.Stale && await AdoptAsync(entry, cancellationToken, believed: Mutants.Are(Mutant.EarlyReport)))
            return held is null || report.Outcome != AttemptOutcome.Committed ? 0 : time.GetElapsedTime(held.Since).TotalSeconds;
        if (held is null) return 0;
        var counts = report.Outcome == AttemptOutcome.Failed && !ErrorCodes.IsResumable(report.Error?.Code ?? "");
        await EndAttemptAsync(entry, held, counts ? AttemptOutcome.Failed : AttemptOutcome.Released, report.Error, cancellationToken);
        return 0;
    }

    /// <summary>Ends the leases whose time is over.</summary>
    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        if (_leased.Count == 0 || Mutants.Are(Mutant.LeaseNeverExpires)) return;
        var now = time.GetTimestamp();
        foreach (var entry in _leased.Values.Where(e => e.Held.Exists(h => h.Deadline <= now)).OrderBy(static e => e.Shard).ToList())
        {
            // Killed after its commit and before its report: adopted, not redone.
            if (await AdoptAsync(entry, cancellationToken)) continue;
            foreach (var held in entry.Held.Where(h => h.Deadline <= now).ToList())
            {
                LogExpired(logger, job, entry.Shard, held.Attempt.Attempt, held.Attempt.Worker);
                await EndAttemptAsync(entry, held, AttemptOutcome.Expired, new ItemError(ErrorCodes.WorkerLost, "The worker was lost."), cancellationToken);
            }
        }
    }

    private async Task<Lease?> BackupAsync(string worker, BackupRule rule, CancellationToken cancellationToken)
    {
        var late = _leased.Values
            .Where(e => e.Held is [var only] && only.Attempt.Worker != worker && e.MayHoldOneMore(_spec.MaxAttempts) && time.GetElapsedTime(only.Since) >= rule.After)
            .OrderBy(static e => e.Held[0].Since).ToList();
        foreach (var entry in late)
        {
            if (await AdoptAsync(entry, cancellationToken)) continue;
            if (await ClaimAsync(entry, worker, cancellationToken) is not { } attempt) continue;
            Hold(entry, attempt);
            return ToLease(entry, attempt);
        }
        return null;
    }

    /// <summary>Null: another activation gave this number out; the next one may be ours.</summary>
    private async Task<AttemptRecord?> ClaimAsync(ShardEntry entry, string worker, CancellationToken cancellationToken)
    {
        var attempt = new AttemptRecord { Shard = entry.Shard, Attempt = entry.NextAttempt, Token = Guid.NewGuid().ToString("n"), Worker = worker, Run = options.Run };
        var claimed = await store.TryCreateAttemptAsync(job, attempt, cancellationToken);
        entry.NextAttempt++;
        return claimed ? attempt : null;
    }

    private void Hold(ShardEntry entry, AttemptRecord attempt, double share = 1)
    {
        entry.Held.Add(new HeldLease { Attempt = attempt, Since = time.GetTimestamp(), Deadline = Deadline(share) });
        _leased[entry.Shard] = entry;
    }

    private static HeldLease? Find(ShardEntry entry, int attempt, string token) => entry.Held.Find(h => h.Attempt.Attempt == attempt && h.Attempt.Token == token);

    private long Deadline(double share = 1) => time.GetTimestamp() + (long)(share * options.LeaseDuration.TotalSeconds * time.TimestampFrequency);

    private Lease ToLease(ShardEntry entry, AttemptRecord attempt) => new()
    {
        Job = job,
        Shard = entry.Shard,
        Attempt = attempt.Attempt,
        Token = attempt.Token,
        Plan = _index.SliceOf(store.Layout.PlanLines(job, range), entry.Shard),
        Duration = options.LeaseDuration,
        Deadline = time.GetUtcNow() + options.LeaseDuration,
        Suspect = entry.Tries > 0,
        Engine = EngineKeys.Of(_spec),
    };
}
