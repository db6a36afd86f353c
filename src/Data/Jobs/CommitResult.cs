namespace Dpvr.Data.Jobs;

/// <summary>How a commit went.</summary>
public enum CommitResult
{
    /// <summary>These records are the shard's.</summary>
    Committed,

    /// <summary>Another attempt had committed before: this one's data was removed.</summary>
    Stale,
}
