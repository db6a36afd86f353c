using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Faults;
using Dpvr.Data.Jobs;

namespace Dpvr.Silo.Ranges;

/// <summary>How attempts end, and what becomes of their shards: adopted, tried again, split, given up.</summary>
internal sealed partial class ShardRange
{
    private async Task EndAttemptAsync(ShardEntry entry, HeldLease held, AttemptOutcome outcome, ItemError? error, CancellationToken cancellationToken)
    {
        await store.EndAttemptAsync(job, held.Attempt with { Outcome = outcome, Error = error }, cancellationToken);
        instruments?.OnEnded(outcome);
        entry.Held.Remove(held);
        entry.LastError = error ?? entry.LastError;
        if (outcome is AttemptOutcome.Failed or AttemptOutcome.Expired) entry.Failures++;
        else if (outcome == AttemptOutcome.Interrupted) entry.Interruptions++;
        // Another worker still has it: what becomes of the shard is seen when that one ends too.
        if (entry.Held.Count > 0) return;
        _leased.Remove(entry.Shard);
        await SettleAsync(entry, cancellationToken);
    }

    // Written down, not only counted: it must be seen after the coordinator is gone too. What the attempt had come to before stays, since failures count.
    private async Task CountStaleAsync(ShardId shard, int attempt, string token, CancellationToken cancellationToken)
    {
        if (Mutants.Are(Mutant.ForgetStale) || _stale.Contains((shard, attempt))) return;
        if (await store.ReadAttemptAsync(job, shard, attempt, cancellationToken) is not { } record || record.Token != token) return;
        await store.EndAttemptAsync(job, record with { Outcome = record.Outcome == AttemptOutcome.Open ? AttemptOutcome.Stale : record.Outcome, Refused = true }, cancellationToken);
        _stale.Add((shard, attempt));
        instruments?.OnStale();
        LogStale(logger, job, shard, attempt);
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
        instruments?.OnSplit();
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
                      select new ItemRecord { CustomId = item.CustomId, Prompt = prompt.Name, Model = _spec.Model.Name, Routing = _spec.Routing.ToString(), Error = item.Error ?? why, PromptText = item.Request?.Prompt };
        await new ShardCommitter(store, instruments: instruments?.Commits).CommitAsync(lease, items, _spec.Prompts, records, 0, cancellationToken);
        instruments?.OnEnded(AttemptOutcome.GaveUp);
        await AdoptAsync(entry, cancellationToken);
    }

    private async Task<bool> AdoptAsync(ShardEntry entry, CancellationToken cancellationToken, bool believed = false)
    {
        var marker = await store.ReadDoneAsync(job, entry.Shard, cancellationToken);
        if (marker is null && believed) marker = new DoneMarker { Shard = entry.Shard, Attempt = 0, Token = "", Images = entry.Items };
        if (marker is null) return false;
        if (marker.SplitInto > 0)
        {
            ApplySplit(entry, marker.SplitInto);
            return true;
        }
        Close(entry);
        Count(marker);
        if (entry.Held.Count > 0) instruments?.OnEnded(AttemptOutcome.Committed);
        if (Mutants.Are(Mutant.DoubleCount)) Count(marker);
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

    private IEnumerable<ShardEntry> PartsOf(ShardEntry entry, int into) =>
        Lineage.Parts(entry.Shard, _index.Items[entry.Shard.Number - _index.FirstShard], into)
            .Select(part => new ShardEntry { Shard = part, Items = part.Count, FailuresBefore = entry.FailuresBefore + entry.Failures, LastError = entry.LastError });
}
