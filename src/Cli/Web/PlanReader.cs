using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Jobs;
using Microsoft.Extensions.Caching.Memory;

namespace Dpvr.Cli.Web;

/// <summary>A job's plan and the items of its shards. A plan never changes, so that what was read is kept for a while.</summary>
internal sealed class PlanReader(JobStore store) : IDisposable
{
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(10);
    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = 200_000 }); // items and shards

    public Task<JobSpec?> SpecAsync(JobId job, CancellationToken cancellationToken) => KeptAsync(("spec", job, 0), 1, () => store.ReadSpecAsync(job, cancellationToken));

    public Task<JobPlan?> PlanAsync(JobId job, CancellationToken cancellationToken) => KeptAsync(("plan", job, 0), 1, () => store.ReadPlanAsync(job, cancellationToken));

    public Task<PlanIndex?> IndexAsync(JobId job, int range, CancellationToken cancellationToken) =>
        KeptAsync(("index", job, range), ShardId.ShardsPerRange, () => store.ReadIndexAsync(job, range, cancellationToken));

    /// <summary>The items of a planned shard; null when there is no such shard.</summary>
    public async Task<IReadOnlyList<ShardItem>?> ItemsAsync(JobId job, int shard, CancellationToken cancellationToken)
    {
        var id = new ShardId(shard);
        if (await IndexAsync(job, id.Range, cancellationToken) is not { } index || shard - index.FirstShard >= index.Items.Count) return null;
        return await KeptAsync(("items", job, shard), index.Items[shard - index.FirstShard] + 1,
            async () => await store.ReadItemsAsync(index.SliceOf(store.Layout.PlanLines(job, id.Range), id), cancellationToken));
    }

    public void Dispose() => _known.Dispose();

    private async Task<T?> KeptAsync<T>((string, JobId, int) key, long size, Func<Task<T?>> read) where T : class
    {
        if (_known.TryGetValue(key, out T? kept)) return kept;
        if (await read() is not { } value) return null;
        _known.Set(key, value, new MemoryCacheEntryOptions { Size = size, SlidingExpiration = s_kept });
        return value;
    }
}
