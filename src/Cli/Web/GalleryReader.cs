using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Dashboard.Gallery;
using Dpvr.Dashboard.Pictures;
using Dpvr.Data.Jobs;

namespace Dpvr.Cli.Web;

/// <summary>Pictures with their answers from the committed shards.</summary>
internal sealed class GalleryReader(AnswerReader answers, ShardLedgers ledgers, PlanReader plans, JobStore store, WordSplitter words, TimeProvider time) : IGallery
{
    private const int PageSize = 48;
    private const int ComparedAtOnce = 512;
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(1.5);

    public async Task<GalleryPage> ReadAsync(GalleryQuery query, GalleryCursor? from, CancellationToken cancellationToken)
    {
        var ledger = ledgers.Of(query.Job);
        await ledger.RefreshAsync(cancellationToken);
        var shards = Order(ledger.Arrivals.Where(shard => query.Shard is null || shard.Number == query.Shard), query.NewestFirst);
        var (began, searched, shots, search) = (time.GetTimestamp(), 0L, new List<Shot>(), query.Search.Trim());
        for (var i = from is null ? 0 : StartOf(shards, from, query.NewestFirst); i < shards.Count; i++)
        {
            var all = await answers.ReadAsync(query.Job, shards[i], cancellationToken);
            for (var item = from is not null && from.Shard == shards[i] ? from.Item : 0; item < all.Count; item++)
            {
                if (shots.Count == PageSize) return new GalleryPage(shots, new GalleryCursor(shards[i], item), searched);
                searched++;
                if (query.OnlyFailed && !all[item].Records.Any(static r => r.Error is not null)) continue;
                if (search.Length == 0 || AnswerReader.HasText(all[item], search)) shots.Add(all[item]);
            }
            // A search through a million pictures comes in pieces: the page says how far it is.
            if (time.GetElapsedTime(began) > s_budget && i + 1 < shards.Count) return new GalleryPage(shots, new GalleryCursor(shards[i + 1], 0), searched);
        }
        return new GalleryPage(shots, null, searched);
    }

    public async Task<PictureDetail?> ReadAsync(PicturePlace place, CancellationToken cancellationToken)
    {
        if (await plans.SpecAsync(place.Job, cancellationToken) is not { } spec || await plans.ItemsAsync(place.Job, place.Shard, cancellationToken) is not { } items || place.Item >= items.Count) return null;
        var item = items[place.Item];
        var found = await answers.FindAsync(place, cancellationToken);
        var worker = found is { } f ? (await store.ReadAttemptAsync(place.Job, f.Shard, f.Fact.Attempt, cancellationToken))?.Worker : null;
        return new PictureDetail
        {
            Shot = found?.Shot ?? new Shot(place, item.CustomId, []),
            Index = item.Index,
            Bytes = item.Size,
            Prompts = [.. spec.Prompts.Select((_, n) => Ask.Of(spec, item, n).Prompt)],
            Words = found is { } g ? [.. g.Shot.Records.Select(r => words.Split(spec.Model, r))] : [],
            Attempt = found?.Fact.Attempt ?? 0,
            Worker = worker,
            Before = await answers.PlaceAsync(place.Job, item.Index - 1, cancellationToken),
            After = await answers.PlaceAsync(place.Job, item.Index + 1, cancellationToken),
        };
    }

    public async Task<PairPage> CompareAsync(JobId left, JobId right, bool onlyDifferent, GalleryCursor? from, CancellationToken cancellationToken)
    {
        var ledger = ledgers.Of(left);
        await ledger.RefreshAsync(cancellationToken);
        var shards = Order(ledger.Arrivals, newestFirst: false);
        var (pairs, looked, compared, different) = (new List<Pair>(), 0, 0, 0);
        for (var i = from is null ? 0 : StartOf(shards, from, newestFirst: false); i < shards.Count; i++)
        {
            var all = await answers.ReadAsync(left, shards[i], cancellationToken);
            var items = await plans.ItemsAsync(left, shards[i].Number, cancellationToken) ?? [];
            for (var n = from is not null && from.Shard == shards[i] ? from.Item : 0; n < all.Count; n++)
            {
                if (pairs.Count == PageSize || looked == ComparedAtOnce) return new PairPage(pairs, new GalleryCursor(shards[i], n), compared, different);
                var other = await OtherAsync(all[n], items[all[n].Place.Item].Index, right, cancellationToken);
                var differs = other is not null && Differ(all[n], other);
                looked++;
                if (other is not null) compared++;
                if (differs) different++;
                if (differs || !onlyDifferent) pairs.Add(new Pair(all[n], other, differs));
            }
        }
        return new PairPage(pairs, null, compared, different);
    }

    // Jobs over the same source have the same pictures at the same places, whatever their shards.
    private async Task<Shot?> OtherAsync(Shot shot, long index, JobId right, CancellationToken cancellationToken) =>
        await answers.PlaceAsync(right, index, cancellationToken) is { } place && await answers.FindAsync(place, cancellationToken) is { } found && found.Shot.CustomId == shot.CustomId ? found.Shot : null;

    private static bool Differ(Shot a, Shot b) =>
        a.Records.Any(x => b.Records.FirstOrDefault(y => y.Prompt == x.Prompt) is { } y && (x.Text != y.Text || x.Error?.Code != y.Error?.Code));

    private static IReadOnlyList<ShardId> Order(IEnumerable<ShardId> arrivals, bool newestFirst) => newestFirst ? [.. arrivals.Reverse()] : [.. arrivals.Order()];

    private static int StartOf(IReadOnlyList<ShardId> shards, GalleryCursor from, bool newestFirst)
    {
        for (var i = 0; i < shards.Count; i++)
            if (shards[i] == from.Shard || (!newestFirst && shards[i].CompareTo(from.Shard) > 0)) return i;
        return shards.Count;
    }
}
