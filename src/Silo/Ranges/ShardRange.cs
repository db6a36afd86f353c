using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Jobs;
using Dpvr.Silo.Hosting;

namespace Dpvr.Silo.Ranges;

/// <summary>
/// The state of 1,024 shards, rebuilt from their markers and attempts. Not safe for parallel calls: its grain makes them one after the other. Two of them at work on
/// the same shards (a split cluster) do no harm: an attempt's number and a marker can each be created only once.
/// </summary>
internal sealed partial class ShardRange(JobStore store, JobId job, int range, DpvrSiloOptions options, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<ShardId, ShardEntry> _open = [];
    private readonly SortedSet<ShardEntry> _ready = new(Comparer<ShardEntry>.Create(static (a, b) => a.Tries != b.Tries ? a.Tries.CompareTo(b.Tries) : a.Shard.CompareTo(b.Shard)));
    private readonly Dictionary<ShardId, ShardEntry> _leased = [];
    private readonly Dictionary<int, int> _leavesLeft = [];
    private readonly HashSet<(ShardId, int)> _stale = [];
    private JobSpec _spec = null!;
    private PlanIndex _index = null!;
    private RangeProgress _progress = new() { Range = range };

    /// <summary>Reads the range from the store.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        _spec = await store.ReadSpecAsync(job, cancellationToken) ?? throw new InvalidOperationException($"Job {job} has no specification.");
        _index = await store.ReadIndexAsync(job, range, cancellationToken) ?? throw new InvalidOperationException($"Job {job} has no plan for range {range}.");
        var markers = new Dictionary<ShardId, DoneMarker>();
        await foreach (var marker in store.ListDoneAsync(job, range, cancellationToken)) markers.TryAdd(marker.Shard, marker);
        var attempts = new Dictionary<ShardId, List<AttemptRecord>>();
        await foreach (var attempt in store.ListAttemptsAsync(job, range, cancellationToken))
        {
            if (!attempts.TryGetValue(attempt.Shard, out var list)) attempts.Add(attempt.Shard, list = []);
            list.Add(attempt);
        }
        _progress = _progress with { Shards = _index.Items.Count };
        for (var i = 0; i < _index.Items.Count; i++)
        {
            var number = _index.FirstShard + i;
            _leavesLeft[number] = 0;
            await LoadTreeAsync(new ShardEntry { Shard = new ShardId(number), Items = _index.Items[i] }, markers, attempts, cancellationToken);
        }
        // Set, not added up: loading itself may have given up what a killed process left.
        _progress = _progress with { ImagesAdopted = _progress.ImagesDone, ShardsDone = _leavesLeft.Values.Count(static left => left == 0) };
    }

    /// <summary>The range's sums now.</summary>
    public RangeProgress Progress => _progress with { Pending = _ready.Count, Leased = _leased.Count, StaleCommits = _stale.Count };

    /// <summary>Gives out the first shard in the queue, or null.</summary>
    public async Task<Lease?> LeaseAsync(string worker, CancellationToken cancellationToken)
    {
        await ExpireAsync(cancellationToken);
        while (_ready.Min is { } entry)
        {
            // Once tried, an attempt that was thought lost may have committed since.
            if (entry.NextAttempt > 1 && await AdoptAsync(entry, cancellationToken)) continue;
            var attempt = new AttemptRecord { Shard = entry.Shard, Attempt = entry.NextAttempt, Token = Guid.NewGuid().ToString("n"), Worker = worker, Run = options.Run };
            var claimed = await store.TryCreateAttemptAsync(job, attempt, cancellationToken);
            entry.NextAttempt++;
            // Another activation gave this number out: the next one is ours.
            if (!claimed) continue;
            _ready.Remove(entry);
            Hold(entry, attempt);
            return ToLease(entry, attempt);
        }
        return null;
    }

    /// <summary>Prolongs a lease.</summary>
    public LeaseState Heartbeat(ShardId shard, int attempt, string token)
    {
        if (Find(shard, attempt, token) is not { } entry) return LeaseState.Lost;
        entry.Deadline = Deadline();
        return LeaseState.Held;
    }

    /// <summary>Takes note of an attempt's end, as far as the store bears it out.</summary>
    public async Task ReportAsync(ShardId shard, int attempt, string token, AttemptReport report, CancellationToken cancellationToken)
    {
        if (report.Outcome == AttemptOutcome.Stale && _stale.Add((shard, attempt))) LogStale(logger, job, shard, attempt);
        if (!_open.TryGetValue(shard, out var entry)) return;
        if (report.Outcome is AttemptOutcome.Committed or AttemptOutcome.Stale && await AdoptAsync(entry, cancellationToken)) return;
        if (Find(shard, attempt, token) is null) return;
        var counts = report.Outcome == AttemptOutcome.Failed && !ErrorCodes.IsResumable(report.Error?.Code ?? "");
        await EndAttemptAsync(entry, counts ? AttemptOutcome.Failed : AttemptOutcome.Released, report.Error, cancellationToken);
    }

    /// <summary>Ends the leases whose time is over.</summary>
    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        foreach (var entry in _leased.Values.Where(e => e.Deadline <= now).OrderBy(static e => e.Shard).ToList())
        {
            // Killed after its commit and before its report: adopted, not redone.
            if (await AdoptAsync(entry, cancellationToken)) continue;
            LogExpired(logger, job, entry.Shard, entry.Current!.Attempt, entry.Current.Worker);
            await EndAttemptAsync(entry, AttemptOutcome.Expired, new ItemError(ErrorCodes.WorkerLost, "The worker was lost."), cancellationToken);
        }
    }

    private async Task LoadTreeAsync(ShardEntry entry, Dictionary<ShardId, DoneMarker> markers, Dictionary<ShardId, List<AttemptRecord>> attempts, CancellationToken cancellationToken)
    {
        AttemptRecord? held = null;
        foreach (var attempt in attempts.GetValueOrDefault(entry.Shard, []).OrderBy(static a => a.Attempt))
        {
            entry.NextAttempt = attempt.Attempt + 1;
            entry.LastError = attempt.Error ?? entry.LastError;
            if (attempt.Outcome is AttemptOutcome.Failed or AttemptOutcome.Expired) entry.Failures++;
            else if (attempt.Outcome == AttemptOutcome.Interrupted) entry.Interruptions++;
            else if (attempt.Outcome == AttemptOutcome.Open) held = attempt;
        }
        if (markers.TryGetValue(entry.Shard, out var marker))
        {
            if (marker.SplitInto == 0) Count(marker);
            else
                foreach (var part in PartsOf(entry, marker.SplitInto)) await LoadTreeAsync(part, markers, attempts, cancellationToken);
            return;
        }
        Open(entry);
        if (held is null) return;
        _ready.Remove(entry);
        Hold(entry, held);
        // Its worker may still live and come back within the lease, unless nobody else can be alive.
        if (options.ExclusiveStore && held.Run != options.Run) await EndAttemptAsync(entry, AttemptOutcome.Interrupted, null, cancellationToken);
    }

    private async Task EndAttemptAsync(ShardEntry entry, AttemptOutcome outcome, ItemError? error, CancellationToken cancellationToken)
    {
        await store.EndAttemptAsync(job, entry.Current! with { Outcome = outcome, Error = error }, cancellationToken);
        entry.Current = null;
        _leased.Remove(entry.Shard);
        entry.LastError = error ?? entry.LastError;
        if (outcome is AttemptOutcome.Failed or AttemptOutcome.Expired) entry.Failures++;
        else if (outcome == AttemptOutcome.Interrupted) entry.Interruptions++;
        await SettleAsync(entry, cancellationToken);
    }

    private async Task SettleAsync(ShardEntry entry, CancellationToken cancellationToken)
    {
        switch (SplitPolicy.Decide(entry, _spec.MaxAttempts, options))
        {
            case 0: _ready.Add(entry); break;
            case < 0: await GiveUpAsync(entry, cancellationToken); break;
            case var into: await SplitAsync(entry, into, cancellationToken); break;
        }
    }

    private async Task SplitAsync(ShardEntry entry, int into, CancellationToken cancellationToken)
    {
        // The split is a marker like any other: a late commit of the whole shard and the split exclude each other.
        var marker = new DoneMarker { Shard = entry.Shard, Attempt = 0, Token = Guid.NewGuid().ToString("n"), SplitInto = into };
        if (!await store.TryCreateDoneAsync(job, marker, cancellationToken))
        {
            _ready.Add(entry);
            await AdoptAsync(entry, cancellationToken);
            return;
        }
        LogSplit(logger, job, entry.Shard, into);
        ApplySplit(entry, into);
    }

    private void ApplySplit(ShardEntry entry, int into)
    {
        Close(entry);
        foreach (var part in PartsOf(entry, into)) Open(part);
    }

    private async Task GiveUpAsync(ShardEntry entry, CancellationToken cancellationToken)
    {
        AttemptRecord attempt;
        do
        {
            attempt = new AttemptRecord
            {
                Shard = entry.Shard,
                Attempt = entry.NextAttempt++,
                Token = Guid.NewGuid().ToString("n"),
                Worker = "coordinator",
                Run = options.Run,
                Outcome = AttemptOutcome.GaveUp,
                Error = entry.LastError,
            };
        }
        while (!await store.TryCreateAttemptAsync(job, attempt, cancellationToken));
        var lease = ToLease(entry, attempt);
        var items = await store.ReadItemsAsync(lease.Plan, cancellationToken);
        var why = entry.LastError ?? new ItemError(ErrorCodes.WorkerLost, "Every process that worked on it ended.");
        LogGaveUp(logger, job, entry.Shard, entry.FailuresBefore + entry.Failures, why.Code);
        var records = from item in items
                      from prompt in _spec.Prompts
                      select new ItemRecord { CustomId = item.CustomId, Prompt = prompt.Name, Model = _spec.Model.Name, Routing = _spec.Routing.ToString(), Error = item.Error ?? why };
        await new ShardCommitter(store).CommitAsync(lease, items, _spec.Prompts, records, 0, cancellationToken);
        await AdoptAsync(entry, cancellationToken);
    }

    private async Task<bool> AdoptAsync(ShardEntry entry, CancellationToken cancellationToken)
    {
        if (await store.ReadDoneAsync(job, entry.Shard, cancellationToken) is not { } marker) return false;
        if (marker.SplitInto > 0)
        {
            ApplySplit(entry, marker.SplitInto);
            return true;
        }
        Close(entry);
        Count(marker);
        if (_leavesLeft[entry.Shard.Number] == 0) _progress = _progress with { ShardsDone = _progress.ShardsDone + 1 };
        return true;
    }

    private void Count(DoneMarker marker) => _progress = _progress with
    {
        ImagesDone = _progress.ImagesDone + marker.Images,
        Requests = _progress.Requests + marker.Requests,
        PromptTokens = _progress.PromptTokens + marker.PromptTokens,
        CompletionTokens = _progress.CompletionTokens + marker.CompletionTokens,
    };

    private void Open(ShardEntry entry)
    {
        _open.Add(entry.Shard, entry);
        _ready.Add(entry);
        _leavesLeft[entry.Shard.Number]++;
    }

    private void Close(ShardEntry entry)
    {
        if (!_open.Remove(entry.Shard)) return;
        _ready.Remove(entry);
        _leased.Remove(entry.Shard);
        _leavesLeft[entry.Shard.Number]--;
    }

    private void Hold(ShardEntry entry, AttemptRecord attempt)
    {
        entry.Current = attempt;
        entry.Deadline = Deadline();
        _leased[entry.Shard] = entry;
    }

    private ShardEntry? Find(ShardId shard, int attempt, string token) =>
        _leased.TryGetValue(shard, out var entry) && entry.Current is { } held && held.Attempt == attempt && held.Token == token ? entry : null;

    private IEnumerable<ShardEntry> PartsOf(ShardEntry entry, int into) =>
        Lineage.Parts(entry.Shard, ItemsOf(entry.Shard), into)
            .Select(part => new ShardEntry { Shard = part, Items = part.Count, FailuresBefore = entry.FailuresBefore + entry.Failures, LastError = entry.LastError });

    private int ItemsOf(ShardId shard) => _index.Items[shard.Number - _index.FirstShard];

    private long Deadline() => time.GetTimestamp() + (long)(options.LeaseDuration.TotalSeconds * time.TimestampFrequency);

    private Lease ToLease(ShardEntry entry, AttemptRecord attempt)
    {
        var at = entry.Shard.Number - _index.FirstShard;
        var offset = _index.Offsets[at];
        return new Lease
        {
            Job = job,
            Shard = entry.Shard,
            Attempt = attempt.Attempt,
            Token = attempt.Token,
            Plan = new PlanSlice(store.Layout.PlanLines(job, range), offset, checked((int)(_index.Offsets[at + 1] - offset)), entry.Shard.First, entry.Items),
            Duration = options.LeaseDuration,
            Deadline = time.GetUtcNow() + options.LeaseDuration,
            Suspect = entry.Tries > 0,
        };
    }
}
