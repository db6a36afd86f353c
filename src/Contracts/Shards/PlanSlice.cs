namespace Dpvr.Contracts.Shards;

/// <summary>Where in a plan blob a shard's lines stand.</summary>
/// <param name="Key">The plan blob.</param>
/// <param name="Offset">First byte of the whole planned shard.</param>
/// <param name="Length">Bytes of the whole planned shard.</param>
/// <param name="Skip">Items of it that come before this part.</param>
/// <param name="Count">Items of this part.</param>
[GenerateSerializer, Immutable, Alias("dpvr.PlanSlice")]
public sealed record PlanSlice(
    [property: Id(0)] string Key,
    [property: Id(1)] long Offset,
    [property: Id(2)] int Length,
    [property: Id(3)] int Skip,
    [property: Id(4)] int Count);
