using System.Text.Json.Serialization;
using Dpvr.Contracts.Results;

namespace Dpvr.Contracts.Shards;

/// <summary>The blob <c>leases/{range}/{shard}.{attempt}.json</c>: made with the lease, so that an attempt's number is never given twice and attempts stay bounded when every process dies.</summary>
public sealed record AttemptRecord
{
    /// <summary>The shard or part.</summary>
    public required ShardId Shard { get; init; }

    /// <summary>Its attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The lease's token.</summary>
    public required string Token { get; init; }

    /// <summary>The worker's name.</summary>
    public required string Worker { get; init; }

    /// <summary>The run of the coordinating host that gave it out: tells a lease of this run from one that a killed process left.</summary>
    public string? Run { get; init; }

    /// <summary>How it ended; open until it is known to have ended without a commit.</summary>
    public AttemptOutcome Outcome { get; init; }

    /// <summary>True when it wrote after another attempt had committed, and was refused (I5). Apart from the outcome, which may have been settled before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Refused { get; init; }

    /// <summary>Why it failed.</summary>
    public ItemError? Error { get; init; }
}
