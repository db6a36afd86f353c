using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;

namespace Dpvr.Contracts.Grains;

/// <summary>A range's answer: perhaps a lease, always its state.</summary>
/// <param name="Lease">The lease asked for, if there was a shard.</param>
/// <param name="Progress">The range's state.</param>
/// <param name="Error">Why the store could not be used.</param>
/// <param name="Seconds">How long the lease was held whose commit was reported; 0 otherwise.</param>
[GenerateSerializer, Immutable, Alias("dpvr.RangeReply")]
public sealed record RangeReply([property: Id(0)] Lease? Lease, [property: Id(1)] RangeProgress Progress, [property: Id(2)] ItemError? Error = null, [property: Id(3)] double Seconds = 0);
