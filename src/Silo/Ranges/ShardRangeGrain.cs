using System.Globalization;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Silo.Hosting;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Ranges;

/// <summary>Owns a range of shards: makes the calls on <see cref="ShardRange"/> one after the other.</summary>
internal sealed class ShardRangeGrain(JobStore store, IOptions<DpvrSiloOptions> options, [FromKeyedServices(DpvrSilo.Clock)] TimeProvider time, ILogger<ShardRange> logger) : Grain, IShardRangeGrain
{
    private ShardRange _range = null!;

    public static string Key(JobId job, int range) => string.Create(CultureInfo.InvariantCulture, $"{job}/{range}");

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        _range = new ShardRange(store, new JobId(key[..slash]), int.Parse(key.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture), options.Value, time, logger);
        await _range.LoadAsync(cancellationToken);
    }

    public Task<RangeReply> LeaseAsync(string worker, CancellationToken cancellationToken = default) => GuardAsync(() => _range.LeaseAsync(worker, cancellationToken));

    public Task<LeaseState> HeartbeatAsync(ShardId shard, int attempt, string token) => Task.FromResult(_range.Heartbeat(shard, attempt, token));

    public Task<RangeReply> ReportAsync(ShardId shard, int attempt, string token, AttemptReport report) => GuardAsync(async () =>
    {
        await _range.ReportAsync(shard, attempt, token, report, CancellationToken.None);
        return null;
    });

    public Task<RangeReply> StatusAsync() => GuardAsync(async () =>
    {
        await _range.ExpireAsync(CancellationToken.None);
        return null;
    });

    // After a failed write the cache may be ahead of the store or behind it: the next call starts from the store again.
    private async Task<RangeReply> GuardAsync(Func<Task<Lease?>> action)
    {
        try
        {
            return new RangeReply(await action(), _range.Progress);
        }
        catch (BlobStoreException e)
        {
            DeactivateOnIdle();
            return new RangeReply(null, _range.Progress, e.ToError());
        }
    }
}
