namespace Dpvr.Contracts.Shards;

/// <summary>Answer to a heartbeat.</summary>
public enum LeaseState
{
    /// <summary>Go on.</summary>
    Held,

    /// <summary>Another worker has it or it is done: drop the work.</summary>
    Lost,

    /// <summary>The job is being cancelled: drop the work and release the lease.</summary>
    Cancelled,
}
