using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Dashboard.Jobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Cli.Web;

/// <summary>Draws the map of a range: committed shards from the ledger, the others from their attempts, of which only those that say something are read.</summary>
internal sealed class ShardMapper(JobStore store, PlanReader plans, ShardLedger ledger, JobId job, int range)
{
    private const int MostAttempts = 100;

    public async Task<ShardMap?> ReadAsync(bool hasEnded, CancellationToken cancellationToken)
    {
        if (await plans.PlanAsync(job, cancellationToken) is not { } plan || await plans.IndexAsync(job, range, cancellationToken) is not { } index) return null;
        await ledger.RefreshAsync(range, cancellationToken);
        var facts = ledger.Of(range).ToLookup(static f => f.Key.Number);
        var attempts = (await ReadAttemptsAsync(facts, cancellationToken)).ToLookup(static a => a.Shard.Number);
        var cells = new ShardCell[index.Items.Count];
        for (var i = 0; i < cells.Length; i++)
        {
            var number = index.FirstShard + i;
            cells[i] = Cell(number, index.Items[i], [.. facts[number].Select(static f => f.Value)], [.. attempts[number]]);
        }
        // An attempt that committed stays open in the store: its marker says how it ended.
        var told = attempts.SelectMany(static a => a).Where(a => !(hasEnded || IsDone(cells[a.Shard.Number - index.FirstShard].State)) || a.Outcome != AttemptOutcome.Open);
        var ranges = (plan.Shards + ShardId.ShardsPerRange - 1) / ShardId.ShardsPerRange;
        return new ShardMap(range, ranges, cells, [.. told.OrderByDescending(static a => a.Outcome == AttemptOutcome.Open).ThenByDescending(static a => a.Shard).ThenByDescending(static a => a.Attempt).Take(MostAttempts)],
            hasEnded || cells.All(static c => IsDone(c.State)));
    }

    internal static ShardCell Cell(int number, int items, IReadOnlyList<ShardFact> facts, IReadOnlyList<AttemptRecord> attempts)
    {
        var failed = facts.Sum(static f => f.Failed);
        var tries = Math.Max(attempts.Select(static a => a.Attempt).DefaultIfEmpty(0).Max(), facts.Select(static f => f.Attempt).DefaultIfEmpty(0).Max());
        var isDone = facts.Where(static f => !f.IsSplit).Sum(static f => f.Images) >= items;
        var gaveUp = attempts.Any(static a => a.Outcome == AttemptOutcome.GaveUp);
        var trouble = attempts.Any(static a => a.Outcome is AttemptOutcome.Failed or AttemptOutcome.Expired or AttemptOutcome.Interrupted) || facts.Any(static f => f.IsSplit);
        var state = isDone ? gaveUp ? ShardState.Poisoned : failed > 0 ? ShardState.DoneWithFailures : ShardState.Done
            : trouble ? ShardState.Retrying
            : attempts.Any(static a => a.Outcome == AttemptOutcome.Open) ? ShardState.Running
            : ShardState.Waiting;
        return new ShardCell(number, state, items, failed, tries);
    }

    private static bool IsDone(ShardState state) => state is ShardState.Done or ShardState.DoneWithFailures or ShardState.Poisoned;

    // The attempt that committed a shard says nothing more, unless it committed failures: then it may be the coordinator's, who gave up.
    private async Task<IReadOnlyList<AttemptRecord>> ReadAttemptsAsync(ILookup<int, KeyValuePair<ShardId, ShardFact>> facts, CancellationToken cancellationToken)
    {
        var prefix = store.Layout.LeaseRange(job, range);
        var wanted = new List<(ShardId Shard, int Attempt)>();
        await foreach (var key in store.Blobs.ListAsync(prefix, cancellationToken))
        {
            var name = key[prefix.Length..^".json".Length];
            var dot = name.LastIndexOf('.');
            if (dot < 1 || !ShardId.TryParse(name[..dot], out var shard) || !int.TryParse(name[(dot + 1)..], out var attempt)) continue;
            if (facts[shard.Number].FirstOrDefault(f => f.Key == shard) is { Value: { Attempt: > 0, IsSplit: false, Failed: 0 } fact } && fact.Attempt == attempt) continue;
            wanted.Add((shard, attempt));
        }
        var read = new List<AttemptRecord>();
        foreach (var some in wanted.Chunk(16))
            read.AddRange((await Task.WhenAll(some.Select(a => ledger.AttemptAsync(a.Shard, a.Attempt, cancellationToken)))).OfType<AttemptRecord>());
        return read;
    }
}
