using System.Collections.Concurrent;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Identity;

/// <summary>An index from work identity to the place in a committed data file where its answer stands. About 100 bytes an answer; the answers stay in the store.</summary>
public sealed class ResultCache(IBlobStore blobs) : IResultCache
{
    private readonly ConcurrentDictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <summary>Answers known.</summary>
    public int Count => _places.Count;

    /// <summary>Reads every committed shard of every job in the store, newest generation last.</summary>
    public async Task LoadAsync(JobStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        foreach (var job in (await store.ListJobsAsync(cancellationToken)).OrderBy(static j => JobIds.Split(j).Generation))
            await LoadAsync(store, job, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ItemRecord?> FindAsync(string work, CancellationToken cancellationToken = default)
    {
        if (!_places.TryGetValue(work, out var place)) return null;
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
            if (Parse(bytes.AsSpan(offset, length)) is { Error: null, Work: { } work, Text: not null }) _places[work] = new Place(dataKey, offset, length);
        }
    }

    private async Task LoadAsync(JobStore store, JobId job, CancellationToken cancellationToken)
    {
        if (await store.ReadPlanAsync(job, cancellationToken) is not { } plan) return;
        for (var range = 0; range * Contracts.Shards.ShardId.ShardsPerRange < plan.Shards; range++)
            await foreach (var marker in store.ListDoneAsync(job, range, cancellationToken))
                if (marker.Data is not null && await blobs.GetAsync(store.DataKey(job, marker), cancellationToken) is { } data)
                    Add(store.DataKey(job, marker), data.Bytes);
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

    private sealed record Place(string Key, int Offset, int Length);
}
