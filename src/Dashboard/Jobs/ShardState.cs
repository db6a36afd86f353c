namespace Dpvr.Dashboard.Jobs;

/// <summary>Where a shard stands.</summary>
public enum ShardState
{
    /// <summary>Nobody has it.</summary>
    Waiting,

    /// <summary>A worker has it.</summary>
    Running,

    /// <summary>Waits, or is worked on, after an attempt that failed.</summary>
    Retrying,

    /// <summary>Committed.</summary>
    Done,

    /// <summary>Committed, with items that failed.</summary>
    DoneWithFailures,

    /// <summary>Given up: what could not be done has error records.</summary>
    Poisoned,
}
