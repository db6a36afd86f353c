using System.Globalization;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Silo.Hosting;
using Dpvr.Silo.Telemetry;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Ranges;

/// <summary>Owns a range of shards: makes the calls on <see cref="ShardRange"/> one after the other. A range that is complete writes its sums and leaves memory.</summary>
internal sealed class ShardRangeGrain(JobStore store, IOptions<DpvrSiloOptions> options, [FromKeyedServices(DpvrSilo.Clock)] TimeProvider time, SiloInstruments instruments, ILogger<ShardRange> logger) : Grain, IShardRangeGrain
{
    private ShardRange _range = null!;
    private JobId _job;
    private RangeProgress? _written;

    public static string Key(JobId job, int range) => string.Create(CultureInfo.InvariantCulture, $"{job}/{range}");

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        _job = new JobId(key[..slash]);
        _range = new ShardRange(store, _job, int.Parse(key.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture), options.Value, time, logger, instruments);
        await _range.LoadAsync(cancellationToken);
    }

    public Task<RangeReply> LeaseAsync(string worker, BackupRule? backup = null, CancellationToken cancellationToken = default) =>
        GuardAsync(async () => (await _range.LeaseAsync(worker, backup, cancellationToken), 0));

    public Task<LeaseState> HeartbeatAsync(ShardId shard, int attempt, string token) => _range.HeartbeatAsync(shard, attempt, token, CancellationToken.None);

    public Task<RangeReply> ReportAsync(ShardId shard, int attempt, string token, AttemptReport report) =>
        GuardAsync(async () => (null, await _range.ReportAsync(shard, attempt, token, report, CancellationToken.None)));

    public Task<RangeReply> StatusAsync() => GuardAsync(async () =>
    {
        await _range.ExpireAsync(CancellationToken.None);
        return (null, 0);
    });

    // After a failed write the cache may be ahead of the store or behind it: the next call starts from the store again.
    private async Task<RangeReply> GuardAsync(Func<Task<(Lease? Lease, double Seconds)>> action)
    {
        (Lease? Lease, double Seconds) done = default;
        ItemError? error = null;
        try
        {
            done = await action();
            await WriteSumAsync();
        }
        catch (BlobStoreException e)
        {
            error = e.ToError();
            DeactivateOnIdle();
        }
        return new RangeReply(done.Lease, _range.Progress, error, done.Seconds);
    }

    private async Task WriteSumAsync()
    {
        var progress = _range.Progress;
        if (!progress.IsComplete || (_written is { } before && before.StaleCommits == progress.StaleCommits)) return;
        await store.WriteSumAsync(_job, progress);
        _written = progress;
        DeactivateOnIdle();
    }
}
