using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;

namespace Dpvr.Chaos.Harness;

/// <summary>A job that holds what it must.</summary>
/// <param name="Progress">What the cluster says of it.</param>
/// <param name="Attempts">All attempts on its shards.</param>
internal sealed record JobVerdict(JobProgress Progress, IReadOnlyList<AttemptRecord> Attempts)
{
    /// <summary>Attempts beyond the first of each shard that were not given back: work done twice.</summary>
    public int Rework => Attempts.Where(static a => a.Outcome is not (AttemptOutcome.Released or AttemptOutcome.GaveUp)).GroupBy(static a => a.Shard).Sum(static g => g.Count() - 1);
}
