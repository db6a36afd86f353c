namespace Dpvr.Data.Faults;

/// <summary>Ways to be wrong that a test of the tests switches on: whatever checks the invariants must catch each.</summary>
[Flags]
public enum Mutant
{
    /// <summary>Right.</summary>
    None = 0,

    /// <summary><c>no-if-none-match</c>: a completion marker is written over the one that stands. Breaks I1, I4.</summary>
    NoIfNoneMatch = 1 << 0,

    /// <summary><c>no-fencing</c>: an attempt that lost its lease commits all the same, into a data file that all attempts share. Breaks I4, I5.</summary>
    NoFencing = 1 << 1,

    /// <summary><c>early-report</c>: a worker reports before its commit, and the coordinator believes it. Breaks I1, I2.</summary>
    EarlyReport = 1 << 2,

    /// <summary><c>lost-heartbeat</c>: a worker sends none. Breaks what I3 allows: healthy work is tried again and given up.</summary>
    LostHeartbeat = 1 << 3,

    /// <summary><c>double-count</c>: a commit is counted twice. Breaks I2.</summary>
    DoubleCount = 1 << 4,

    /// <summary><c>half-data</c>: the marker promises what the data file does not hold. Breaks I4.</summary>
    HalfData = 1 << 5,

    /// <summary><c>attempts-unbounded</c>: nothing is ever split or given up. Breaks I3, I6.</summary>
    AttemptsUnbounded = 1 << 6,

    /// <summary><c>forget-stale</c>: a refused write is not counted. Breaks I5.</summary>
    ForgetStale = 1 << 7,

    /// <summary><c>lease-never-expires</c>: a lost worker keeps its shard. Breaks I6.</summary>
    LeaseNeverExpires = 1 << 8,

    /// <summary><c>cancel-overwrites-end</c>: a cancellation replaces the end that stands. Breaks the one terminal state (fault 28).</summary>
    CancelOverwritesEnd = 1 << 9,
}
