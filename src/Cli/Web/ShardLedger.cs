using System.Collections.Concurrent;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Dashboard.Jobs;
using Dpvr.Dashboard.Pictures;
using Dpvr.Data.Jobs;

namespace Dpvr.Cli.Web;

/// <summary>A job's committed shards, read once each and then only listed: what pages show of a job is added up from them. Grows with shards, not with pictures.</summary>
internal sealed class ShardLedger(JobStore store, JobId job, TimeProvider time)
{
    private const int AtOnce = 8;
    private const int MostItemsOfACode = 100;
    private static readonly TimeSpan s_budget = TimeSpan.FromMilliseconds(250);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _lock = new();
    private readonly SortedDictionary<ShardId, ShardFact> _facts = [];
    private readonly List<ShardId> _arrivals = [];
    private readonly HashSet<int> _settled = [];
    private readonly ConcurrentDictionary<(ShardId Shard, int Attempt), AttemptRecord> _attempts = new();
    private readonly SortedDictionary<string, (long Count, List<FailedItem> Items)> _failures = new(StringComparer.Ordinal);
    private int _unread;

    /// <summary>Committed shards that were seen and not read yet.</summary>
    public int Unread => Volatile.Read(ref _unread);

    /// <summary>Shards and parts with data, in the order in which they were seen; the first time by number.</summary>
    public IReadOnlyList<ShardId> Arrivals
    {
        get { lock (_lock) return [.. _arrivals]; }
    }

    public double EngineSeconds
    {
        get { lock (_lock) return _facts.Values.Sum(static f => f.EngineSeconds); }
    }

    public IReadOnlyList<FailureGroup> Failures
    {
        get { lock (_lock) return [.. _failures.Select(static f => new FailureGroup(f.Key, f.Value.Count, [.. f.Value.Items])).OrderByDescending(static g => g.Count)]; }
    }

    /// <summary>What is known of a range's shards and parts.</summary>
    public IReadOnlyDictionary<ShardId, ShardFact> Of(int range)
    {
        lock (_lock) return _facts.Where(f => f.Key.Range == range).ToDictionary();
    }

    /// <summary>The shard or part with data that an item is in; null while it is not committed.</summary>
    public (ShardId Shard, ShardFact Fact)? Find(int number, int item)
    {
        lock (_lock)
        {
            // A shard that was split has parts, and those parts of their own.
            if (_facts.TryGetValue(new ShardId(number), out var whole) && !whole.IsSplit) return item < whole.Images ? (new ShardId(number), whole) : null;
            foreach (var (shard, fact) in _facts)
                if (shard.Number == number && !fact.IsSplit && item >= shard.First && item < shard.First + fact.Images) return (shard, fact);
            return null;
        }
    }

    /// <summary>An attempt; one that has ended is read once.</summary>
    public async Task<AttemptRecord?> AttemptAsync(ShardId shard, int attempt, CancellationToken cancellationToken)
    {
        if (_attempts.TryGetValue((shard, attempt), out var known)) return known;
        var read = await store.ReadAttemptAsync(job, shard, attempt, cancellationToken);
        // The attempt that committed stays open in the store.
        if (read is not null && (read.Outcome != AttemptOutcome.Open || Knows(shard))) _attempts[(shard, attempt)] = read;
        return read;
    }

    /// <summary>Reads what is new, for a quarter of a second at most.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var began = time.GetTimestamp();
            var unread = 0;
            foreach (var range in await store.ListTouchedRangesAsync(job, cancellationToken))
                unread += await ReadRangeAsync(range, () => time.GetElapsedTime(began) < s_budget, cancellationToken);
            Volatile.Write(ref _unread, unread);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Reads what is new of one range, all of it.</summary>
    public async Task RefreshAsync(int range, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await ReadRangeAsync(range, static () => true, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<int> ReadRangeAsync(int range, Func<bool> goOn, CancellationToken cancellationToken)
    {
        if (_settled.Contains(range)) return 0;
        // Asked before its markers are listed: a range that was complete by then has no marker that is not listed.
        var complete = await store.Blobs.ExistsAsync(store.Layout.Sum(job, range), cancellationToken);
        var fresh = new List<ShardId>();
        var prefix = store.Layout.DoneRange(job, range);
        await foreach (var key in store.Blobs.ListAsync(prefix, cancellationToken))
            if (ShardId.TryParse(key[prefix.Length..^".json".Length], out var shard) && !Knows(shard)) fresh.Add(shard);
        fresh.Sort();
        var read = 0;
        foreach (var some in fresh.Chunk(AtOnce))
        {
            if (!goOn()) break;
            foreach (var (marker, failed) in await Task.WhenAll(some.Select(shard => ReadAsync(shard, cancellationToken))))
                if (marker is not null) Take(marker, failed);
            read += some.Length;
        }
        if (complete && read == fresh.Count) _settled.Add(range);
        return fresh.Count - read;
    }

    private bool Knows(ShardId shard)
    {
        lock (_lock) return _facts.ContainsKey(shard);
    }

    private async Task<(DoneMarker? Marker, IReadOnlyList<(string Code, FailedItem Item)> Failed)> ReadAsync(ShardId shard, CancellationToken cancellationToken) =>
        await store.ReadDoneAsync(job, shard, cancellationToken) is { } marker ? (marker, marker.Requests.Failed > 0 && marker.SplitInto == 0 ? await ReadFailuresAsync(marker, cancellationToken) : []) : (null, []);

    private void Take(DoneMarker marker, IReadOnlyList<(string Code, FailedItem Item)> failed)
    {
        lock (_lock)
        {
            _facts[marker.Shard] = new ShardFact(marker.Attempt, marker.SplitInto > 0, (int)marker.Images, marker.Requests.Failed, marker.EngineSeconds);
            if (marker.SplitInto == 0) _arrivals.Add(marker.Shard);
            foreach (var (code, item) in failed)
            {
                var (count, items) = _failures.TryGetValue(code, out var known) ? known : (0, []);
                if (items.Count < MostItemsOfACode) items.Add(item);
                _failures[code] = (count + 1, items);
            }
        }
    }

    private async Task<List<(string Code, FailedItem Item)>> ReadFailuresAsync(DoneMarker marker, CancellationToken cancellationToken)
    {
        var prompts = (int)Math.Max(1, marker.Count / Math.Max(1, marker.Images));
        return
        [
            .. (await store.ReadFailedAsync(job, marker, cancellationToken))
                .Select(r => (r.Record.Error!.Code, new FailedItem(r.Record.CustomId, r.Record.Prompt, r.Record.Error.Message, new PicturePlace(job, marker.Shard.Number, marker.Shard.First + r.Line / prompts)))),
        ];
    }
}
