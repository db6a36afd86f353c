using Dpvr.Contracts.Shards;

namespace Dpvr.Silo.Ranges;

/// <summary>Reading a range from the store.</summary>
internal sealed partial class ShardRange
{
    /// <summary>Part of a lease that whoever takes a range over waits for its holder. There is a heartbeat every third of it: one may be lost with the coordinator that was to hear it.</summary>
    private const double UnheardShare = 2.0 / 3;

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

    private async Task LoadTreeAsync(ShardEntry entry, Dictionary<ShardId, DoneMarker> markers, Dictionary<ShardId, List<AttemptRecord>> attempts, CancellationToken cancellationToken)
    {
        var open = new List<AttemptRecord>();
        foreach (var attempt in attempts.GetValueOrDefault(entry.Shard, []).OrderBy(static a => a.Attempt))
        {
            entry.NextAttempt = attempt.Attempt + 1;
            entry.LastError = attempt.Error ?? entry.LastError;
            if (attempt.Refused) _stale.Add((attempt.Shard, attempt.Attempt));
            if (attempt.Outcome is AttemptOutcome.Failed or AttemptOutcome.Expired) entry.Failures++;
            else if (attempt.Outcome == AttemptOutcome.Interrupted) entry.Interruptions++;
            else if (attempt.Outcome == AttemptOutcome.Open) open.Add(attempt);
        }
        if (markers.TryGetValue(entry.Shard, out var marker))
        {
            if (marker.SplitInto == 0) Count(marker);
            else
                foreach (var part in PartsOf(entry, marker.SplitInto)) await LoadTreeAsync(part, markers, attempts, cancellationToken);
            return;
        }
        Open(entry);
        // Their workers may still live: each gets the time of two heartbeats to say so, and is believed.
        foreach (var attempt in open.TakeLast(2))
            if (entry.MayHoldOneMore(_spec.MaxAttempts) || entry.Held.Count == 0)
            {
                _ready.Remove(entry);
                Hold(entry, attempt, UnheardShare);
            }
        // … unless nobody else can be alive.
        foreach (var held in entry.Held.Where(h => options.ExclusiveStore && h.Attempt.Run != options.Run).ToList()) await EndAttemptAsync(entry, held, AttemptOutcome.Interrupted, null, cancellationToken);
    }
}
