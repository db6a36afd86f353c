namespace Dpvr.Data.Faults;

/// <summary>What a failpoint does.</summary>
internal enum FailpointAction
{
    /// <summary>SIGKILL to the own process.</summary>
    Kill,

    /// <summary>SIGSTOP to the own process; somebody else continues it.</summary>
    Stop,

    /// <summary>Waits.</summary>
    Delay,

    /// <summary>Throws a <see cref="Blobs.BlobStoreException"/> with a code.</summary>
    Throw,
}
