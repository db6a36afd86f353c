namespace Dpvr.Silo.Hosting;

/// <summary>How the coordinating host behaves.</summary>
public sealed class DpvrSiloOptions
{
    /// <summary>A lease ends this long after its last heartbeat. Default: 60 s.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A worker that got no lease asks again after this. Default: 50 ms.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Failed attempts after which a shard of several pictures is split. Default: 2.</summary>
    public int SplitAfter { get; set; } = 2;

    /// <summary>Parts of a split, unless only one attempt is left: then each picture gets its own. Default: 16.</summary>
    public int SplitParts { get; set; } = 16;

    /// <summary>Interruptions (the whole process was killed) after which a shard of several pictures is split. Default: 3.</summary>
    public int SplitAfterInterruptions { get; set; } = 3;

    /// <summary>Interruptions after which a single picture is given up as the one that kills. Default: 8.</summary>
    public int MaxInterruptions { get; set; } = 8;

    /// <summary>True when no other process can be at work on the store (one holds its lock): leases found open at start are then dead. Default: false.</summary>
    public bool ExclusiveStore { get; set; }

    /// <summary>True takes up every unfinished job of the store at start. Default: false.</summary>
    public bool ResumeJobsAtStart { get; set; }

    /// <summary>Names this run of the host; a lease of another run is dead when the store is exclusive. Default: random.</summary>
    public string Run { get; set; } = Guid.NewGuid().ToString("n");
}
