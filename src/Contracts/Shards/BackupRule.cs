namespace Dpvr.Contracts.Shards;

/// <summary>Says when a shard that is held already may be given to a second worker: at a job's tail, where one slow worker would hold up its end.</summary>
/// <param name="After">Age of a lease from which on it is a straggler's.</param>
[GenerateSerializer, Immutable, Alias("dpvr.BackupRule")]
public sealed record BackupRule([property: Id(0)] TimeSpan After);
