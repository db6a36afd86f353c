using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;
using Microsoft.Extensions.Caching.Memory;

namespace Dpvr.Cli.Web;

/// <summary>A <see cref="ShardLedger"/> for each job that somebody looks at, forgotten a while after nobody does.</summary>
internal sealed class ShardLedgers(JobStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(10);
    private readonly MemoryCache _ledgers = new(new MemoryCacheOptions());

    public ShardLedger Of(JobId job) => _ledgers.GetOrCreate(job, entry =>
    {
        entry.SlidingExpiration = s_kept;
        return new ShardLedger(store, job, time);
    })!;

    public void Dispose() => _ledgers.Dispose();
}
