namespace Dpvr.Silo.Hosting;

/// <summary>How the coordinating host behaves.</summary>
public sealed class DpvrSiloOptions
{
    /// <summary>A lease ends this long after its last heartbeat, of which there is one every third of it. Default: 20 s.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>A worker that got no lease asks again after this. Default: 50 ms.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The same at most, where so many workers are idle that asking alone would be a load. Default: 2 s.</summary>
    public TimeSpan MostRetryAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often each silo moves jobs on: takes up unfinished ones, ends leases, finishes. Default: 5 s.</summary>
    public TimeSpan KeepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A worker stays this long with jobs of the engine (model, routing) that it has, while they have work and none of higher priority waits; then fair share decides anew. Default: 2 min.</summary>
    public TimeSpan EngineStay { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>At a job's tail, a lease held longer than this many times the usual (the median of the last 64 shards) is given out a second time, to another worker; 0 never does. Default: 2.</summary>
    public double BackupFactor { get; set; } = 2;

    /// <summary>No lease younger than this is given out a second time. Default: 10 s.</summary>
    public TimeSpan BackupAfter { get; set; } = TimeSpan.FromSeconds(10);

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

    /// <summary>True takes up every unfinished job of the store: at start, after all silos died, and when nobody but the store remembers a job. Default: false.</summary>
    public bool ResumeJobsAtStart { get; set; }

    /// <summary>Names this run of the host; a lease of another run is dead when the store is exclusive. Default: random.</summary>
    public string Run { get; set; } = Guid.NewGuid().ToString("n");
}
