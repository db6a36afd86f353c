namespace Dpvr.Chaos.Harness;

/// <summary>A cluster's shape.</summary>
internal sealed record ChaosOptions
{
    public int Silos { get; init; } = 2;

    public int Workers { get; init; } = 2;

    /// <summary>One more worker, with this failpoint; null: none.</summary>
    public string? FailingWorker { get; init; }

    /// <summary>A lease ends this long after its last heartbeat.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>True keeps jobs in an Azurite instead of a folder.</summary>
    public bool Azurite { get; init; }

    /// <summary>A folder for the store; null: one of the cluster's own.</summary>
    public string? Store { get; init; }

    /// <summary>What silos get on their command line besides. Default: nothing.</summary>
    public IReadOnlyList<string> SiloArguments { get; init; } = [];

    /// <summary>The program's own settings: what a user has who sets nothing.</summary>
    public static ChaosOptions AsShipped { get; } = new() { Lease = TimeSpan.FromSeconds(20) };

    /// <summary>One silo and no worker: the scenario adds what it needs.</summary>
    public static ChaosOptions Bare { get; } = new() { Silos = 1, Workers = 0 };
}
