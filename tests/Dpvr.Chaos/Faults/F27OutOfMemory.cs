using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

internal sealed class F27OutOfMemory : Fault
{
    public override int Number => 27;

    public override string Words => "a worker's host has no memory left: its shards are done by others, nothing else is touched (I1, I7)";

    public override bool IsSlow => true;

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Silos = 1, Workers = 1 }, static async cluster =>
    {
        // The kernel's killer is a SIGKILL, fault 1; here the runtime itself is refused memory, in the middle of whatever it does.
        var starved = cluster.AddWorkerAsync(("DOTNET_GCHeapHardLimit", "0x900000"));
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        await job.VerifyAsync();
        try
        {
            var worker = await starved;
            cluster.Run.Log($"the starved worker {(worker.IsRunning ? "lives" : "died")}; {(worker.Log.Contains("OutOfMemory", StringComparison.Ordinal) || worker.Log.Contains("Out of memory", StringComparison.Ordinal) ? "it was refused memory" : "it was not refused memory")}");
        }
        catch (InvalidOperationException e)
        {
            cluster.Run.Log($"the starved worker did not start: {e.Message.Split('\n')[0]}");
        }
    });
}
