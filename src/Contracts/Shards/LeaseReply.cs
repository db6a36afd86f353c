namespace Dpvr.Contracts.Shards;

/// <summary>Answer to a worker that asks for work.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.LeaseReply")]
public sealed record LeaseReply
{
    /// <summary>The lease, or null when there is nothing to give out now.</summary>
    [Id(0)] public Lease? Lease { get; init; }

    /// <summary>When to ask again if there was none.</summary>
    [Id(1)] public TimeSpan RetryAfter { get; init; }
}
