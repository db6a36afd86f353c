using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;

namespace Dpvr.Silo.Ranges;

/// <summary>A shard or part that has no marker yet.</summary>
internal sealed class ShardEntry
{
    public required ShardId Shard { get; init; }

    /// <summary>Pictures in it.</summary>
    public required int Items { get; init; }

    /// <summary>Failed attempts that its pictures had within the shards it was split from.</summary>
    public int FailuresBefore { get; init; }

    /// <summary>Own failed attempts.</summary>
    public int Failures { get; set; }

    /// <summary>Own attempts that ended with their whole process.</summary>
    public int Interruptions { get; set; }

    /// <summary>Number of the next attempt.</summary>
    public int NextAttempt { get; set; } = 1;

    /// <summary>Why the last attempt failed.</summary>
    public ItemError? LastError { get; set; }

    /// <summary>True when it came from a split.</summary>
    public bool IsPart => !Shard.IsWhole;

    /// <summary>The leases held: usually none or one, two while a straggler's shard is tried again beside it.</summary>
    public List<HeldLease> Held { get; } = new(0);

    /// <summary>True when as many leases may fail as would be held with one more: attempts stay bounded even if all of them do.</summary>
    public bool MayHoldOneMore(int maxAttempts) => FailuresBefore + Failures + Held.Count < maxAttempts;

    /// <summary>Place in the queue: what was never tried comes first, so that healthy work is done before suspects.</summary>
    public int Tries => FailuresBefore + Failures + Interruptions + (IsPart ? 1 : 0);
}
