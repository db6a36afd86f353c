namespace Dpvr.Silo.Launch;

/// <summary>What a launch found.</summary>
public enum LaunchKind
{
    /// <summary>Nothing of this job: it starts.</summary>
    New,

    /// <summary>An unfinished run: it goes on.</summary>
    Resumed,

    /// <summary>An earlier run whose source has changed, which failed, or whose failures are to be tried again: what is still right is taken over.</summary>
    Renewed,

    /// <summary>A finished run whose output is there and whose source has not changed: nothing to do.</summary>
    AlreadyDone,

    /// <summary>A finished run whose output files were replaced or removed: they are assembled again, nothing is computed.</summary>
    Reassembled,
}
