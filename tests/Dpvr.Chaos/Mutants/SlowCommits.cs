using Dpvr.Chaos.Faults;
using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Mutants;

/// <summary>Not one of the 30: every shard takes longer than a lease lasts without a heartbeat.</summary>
internal sealed class SlowCommits : Fault
{
    public override int Number => 0;

    public override string Words => "shards take three times as long as a lease: heartbeats keep them, nothing is tried again (I3)";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Silos = 1, Workers = 0, FailingWorker = "before-done=delay:12000", Lease = TimeSpan.FromSeconds(4) }, static async cluster =>
    {
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job("*7.png"));
        await job.VerifyAsync(new JobExpectation { FailuresAtMost = 0 });
    });
}
