namespace Dpvr.Chaos.Harness;

/// <summary>One test: its chance, its log, and what all of its processes get into their environment.</summary>
internal sealed class ChaosRun(string name, ChaosInput input, Action<string> log)
{
    private readonly long _begun = TimeProvider.System.GetTimestamp();

    public string Name => name;

    public ChaosInput Input => input;

    public Random Random { get; } = ChaosSeed.For(name);

    /// <summary>Environment of every silo and worker, as <c>DPVR_MUTANTS</c>.</summary>
    public Dictionary<string, string?> Environment { get; init; } = [];

    public void Log(string line) => log($"{TimeProvider.System.GetElapsedTime(_begun).TotalSeconds,7:0.000} {line}");

    /// <summary>Runs a scenario on a cluster of its own. When it fails, everything that helps to see why is logged.</summary>
    public async Task OnClusterAsync(ChaosOptions options, Func<ChaosCluster, Task> scenario)
    {
        Log($"{name}; {ChaosSeed.Variable}={ChaosSeed.Value}");
        await using var cluster = await ChaosCluster.StartAsync(this, options);
        try
        {
            await scenario(cluster);
        }
        catch (Exception e)
        {
            Log($"FAILED: {e.Message}");
            foreach (var member in cluster.Members) log($"──── {member}\n{member.Tail}");
            throw;
        }
    }
}
