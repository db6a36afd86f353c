using Dpvr.Contracts.Shards;

namespace Dpvr.Silo.Ranges;

/// <summary>A lease that is held. Times are timestamps of the monotonic clock: whatever happens to the time of day, it ends when it should.</summary>
internal sealed class HeldLease
{
    public required AttemptRecord Attempt { get; init; }

    /// <summary>When it was given out, or found in the store.</summary>
    public required long Since { get; init; }

    /// <summary>When it ends without a heartbeat.</summary>
    public required long Deadline { get; set; }
}
