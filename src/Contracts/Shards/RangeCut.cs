namespace Dpvr.Contracts.Shards;

/// <summary>
/// The blob <c>cut/{range}.json</c> of a cancelled job: which shards and parts of the range count as done. Created once, when the job ends, so that a commit which
/// comes later changes nothing: everything else of the range has records with the code <c>cancelled</c>.
/// </summary>
public sealed record RangeCut
{
    /// <summary>The range.</summary>
    public required int Range { get; init; }

    /// <summary>Shards and parts whose data counts, and those that were split.</summary>
    public required IReadOnlyList<ShardId> Done { get; init; }
}
