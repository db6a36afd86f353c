using System.Collections.Concurrent;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Identity;

/// <summary>
/// What a worker learns before it works on a lease of a later generation (a retry of what failed, a changed source): the answers of the generations before. Where the
/// plan is the same, those of the same shard alone, so that memory does not grow with the job; else all of them, as far as <see cref="ResultCache.MostAnswers"/> goes.
/// </summary>
public sealed class EarlierAnswers(JobStore store, ResultCache cache)
{
    private readonly ConcurrentDictionary<JobId, Lazy<Task<IReadOnlyList<JobId>>>> _earlier = new();

    /// <summary>Reads what earlier generations know of the lease's items.</summary>
    public async Task LearnAsync(Lease lease, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lease);
        if (cache.KnowsStore || JobIds.Split(lease.Job).Generation == 0) return;
        var reading = _earlier.GetOrAdd(lease.Job, job => new Lazy<Task<IReadOnlyList<JobId>>>(() => ReadFamilyAsync(job)));
        try
        {
            foreach (var job in await reading.Value.WaitAsync(cancellationToken)) await LearnShardAsync(job, new ShardId(lease.Shard.Number), cancellationToken);
        }
        catch
        {
            // A store that did not answer is asked again with the next lease.
            if (reading.Value.IsFaulted) _earlier.TryRemove(KeyValuePair.Create(lease.Job, reading));
            throw;
        }
    }

    /// <summary>The generations before with the same plan, oldest first; those with another plan are read as a whole, once.</summary>
    private async Task<IReadOnlyList<JobId>> ReadFamilyAsync(JobId job)
    {
        var (family, generation) = JobIds.Split(job);
        var plan = await store.ReadPlanAsync(job);
        var same = new List<JobId>();
        var before = (await store.ListJobsAsync()).Where(other => IsEarlier(other, family, generation)).OrderBy(static other => JobIds.Split(other).Generation);
        foreach (var other in before)
            if (await store.ReadPlanAsync(other) is not { } old) continue;
            else if (plan is not null && old.ListingSha256 == plan.ListingSha256 && old.ShardSize == plan.ShardSize) same.Add(other);
            else await cache.LoadAsync(store, other);
        return same;
    }

    private static bool IsEarlier(JobId other, string family, int generation) =>
        other.Value == family || (JobIds.Split(other) is var (its, number) && its == family && number < generation);

    private async Task LearnShardAsync(JobId job, ShardId shard, CancellationToken cancellationToken)
    {
        if (await store.ReadDoneAsync(job, shard, cancellationToken) is not { } marker) return;
        if (marker.SplitInto == 0)
        {
            await cache.LearnAsync(store, job, marker, cancellationToken);
            return;
        }
        if (await store.ReadIndexAsync(job, shard.Range, cancellationToken) is not { } index) return;
        foreach (var part in Lineage.Parts(shard, index.Items[shard.Number - index.FirstShard], marker.SplitInto)) await LearnShardAsync(job, part, cancellationToken);
    }
}
