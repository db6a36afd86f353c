using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Dashboard.Gallery;
using Dpvr.Dashboard.Pictures;
using Dpvr.Data.Jobs;
using Microsoft.Extensions.Caching.Memory;

namespace Dpvr.Cli.Web;

/// <summary>Committed shards' records, picture by picture. A committed shard never changes, so that the last ones read are kept.</summary>
internal sealed class AnswerReader(JobStore store, PlanReader plans, ShardLedgers ledgers) : IDisposable
{
    private const int MostRecords = 50_000;
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(5);
    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = MostRecords });

    /// <summary>The pictures of a shard or part, in order; none when it is not committed.</summary>
    public async Task<IReadOnlyList<Shot>> ReadAsync(JobId job, ShardId shard, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue((job, shard), out IReadOnlyList<Shot>? kept)) return kept!;
        if (await store.ReadDoneAsync(job, shard, cancellationToken) is not { SplitInto: 0, Images: > 0 } marker) return [];
        var records = await store.ReadRecordsAsync(job, marker, cancellationToken);
        var prompts = (int)(marker.Count / marker.Images);
        if (prompts == 0) return [];
        var shots = records.Chunk(prompts).Select((some, item) => new Shot(new PicturePlace(job, shard.Number, shard.First + item), some[0].CustomId, some)).ToList();
        return _known.Set((job, shard), (IReadOnlyList<Shot>)shots, new MemoryCacheEntryOptions { Size = records.Count + 1, SlidingExpiration = s_kept });
    }

    /// <summary>One picture; null while its shard is not committed. The shard or part that it is in, too.</summary>
    public async Task<(Shot Shot, ShardId Shard, ShardFact Fact)?> FindAsync(PicturePlace place, CancellationToken cancellationToken)
    {
        var ledger = ledgers.Of(place.Job);
        var range = new ShardId(place.Shard).Range;
        if (ledger.Find(place.Shard, place.Item) is not { } found)
        {
            await ledger.RefreshAsync(range, cancellationToken);
            if (ledger.Find(place.Shard, place.Item) is not { } now) return null;
            found = now;
        }
        var shots = await ReadAsync(place.Job, found.Shard, cancellationToken);
        var at = place.Item - found.Shard.First;
        return at < shots.Count ? (shots[at], found.Shard, found.Fact) : null;
    }

    /// <summary>The place of the picture that stands at <paramref name="index"/> of a job's input; null when there is none.</summary>
    public async Task<PicturePlace?> PlaceAsync(JobId job, long index, CancellationToken cancellationToken) =>
        await plans.PlanAsync(job, cancellationToken) is { ShardSize: > 0 } plan && index >= 0 && index < plan.Images ? new PicturePlace(job, (int)(index / plan.ShardSize), (int)(index % plan.ShardSize)) : null;

    public static bool HasText(Shot shot, string text) =>
        Has(shot.CustomId, text) || shot.Records.Any(r => Has(r.Text, text) || Has(r.Error?.Code, text) || Has(r.Error?.Message, text));

    private static bool Has(string? where, string text) => where is not null && where.Contains(text, StringComparison.OrdinalIgnoreCase);

    public void Dispose() => _known.Dispose();
}
