using System.Globalization;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Identity;

/// <summary>
/// An index from work identity to the place in a committed data file where its answer stands. About 60 bytes an answer; the answers stay in the store. It knows at most
/// <see cref="MostAnswers"/> answers: what was learnt longest ago is forgotten first, half of it at once, and would be computed again.
/// </summary>
public sealed class ResultCache(IBlobStore blobs) : IResultCache
{
    /// <summary>Answers known at most: about 250 MB.</summary>
    public const int MostAnswers = 4_000_000;

    private readonly Lock _lock = new();
    private Dictionary<UInt128, Place> _young = [];
    private Dictionary<UInt128, Place> _old = [];

    /// <summary>Answers known.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _young.Count + _old.Keys.Count(key => !_young.ContainsKey(key));
        }
    }

    /// <summary>True once everything in the store was read: nothing earlier needs to be looked for.</summary>
    public bool KnowsStore { get; private set; }

    /// <summary>Reads every committed shard of every job in the store, newest generation last.</summary>
    public async Task LoadAsync(JobStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        foreach (var job in (await store.ListJobsAsync(cancellationToken)).OrderBy(static j => JobIds.Split(j).Generation))
            await LoadAsync(store, job, cancellationToken);
        KnowsStore = true;
    }

    /// <summary>Reads every committed shard of one job.</summary>
    public async Task LoadAsync(JobStore store, JobId job, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (await store.ReadPlanAsync(job, cancellationToken) is not { } plan) return;
        for (var range = 0; range * ShardId.ShardsPerRange < plan.Shards; range++)
            await foreach (var marker in store.ListDoneAsync(job, range, cancellationToken)) await LearnAsync(store, job, marker, cancellationToken);
    }

    /// <summary>Reads one committed shard.</summary>
    public async Task LearnAsync(JobStore store, JobId job, DoneMarker marker, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(marker);
        if (marker.Data is not null && await blobs.GetAsync(store.DataKey(job, marker), cancellationToken) is { } data) Add(store.DataKey(job, marker), data.Bytes);
    }

    /// <inheritdoc/>
    public async Task<ItemRecord?> FindAsync(string work, CancellationToken cancellationToken = default)
    {
        if (!TryKey(work, out var key)) return null;
        Place place;
        lock (_lock)
            if (!_young.TryGetValue(key, out place) && !_old.TryGetValue(key, out place))
                return null;
        var bytes = await blobs.GetRangeAsync(place.Key, place.Offset, place.Length, cancellationToken);
        // A data file that was cleaned away, or is not what was indexed, is simply no answer.
        if (bytes is null || bytes.Length != place.Length || Parse(bytes) is not { } record || record.Work != work) return null;
        return record;
    }

    /// <inheritdoc/>
    public void Add(string dataKey, ReadOnlyMemory<byte> data)
    {
        var bytes = data.ToArray();
        foreach (var range in JsonLines.Split(bytes))
        {
            var (offset, length) = range.GetOffsetAndLength(bytes.Length);
            if (Parse(bytes.AsSpan(offset, length)) is not { Error: null, Work: { } work, Text: not null } || !TryKey(work, out var key)) continue;
            lock (_lock)
            {
                if (_young.Count >= MostAnswers / 2) (_old, _young) = (_young, []);
                _young[key] = new Place(dataKey, offset, length);
            }
        }
    }

    // The first half of a SHA-256 finds the place; what stands there says the whole of it.
    private static bool TryKey(string work, out UInt128 key)
    {
        key = default;
        return work.Length >= 32 && UInt128.TryParse(work.AsSpan(0, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out key);
    }

    private static ItemRecord? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, DpvrJson.Line.ItemRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private readonly record struct Place(string Key, int Offset, int Length);
}
