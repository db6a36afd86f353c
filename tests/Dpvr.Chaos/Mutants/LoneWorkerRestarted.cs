using Dpvr.Chaos.Faults;
using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Mutants;

/// <summary>Not one of the 30: fault 1 where nobody else could take a straggler's shard.</summary>
internal sealed class LoneWorkerRestarted : Fault
{
    public override int Number => 0;

    public override string Words => "the only worker is killed and comes back: what it held is tried again when its leases end (I6)";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Silos = 1, Workers = 1 }, static async cluster =>
    {
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job("*0.png", "*1.png", "*2.png", "*3.png", "*4.png"));
        await job.MoreCommittedAsync(1);
        var worker = cluster.Workers[0];
        await job.StopInHandAsync(worker);
        await worker.KillAsync();
        await cluster.StartAgainAsync(worker);
        await job.EndAsync(TimeSpan.FromSeconds(90));
        await job.VerifyAsync(new JobExpectation { FailuresAtMost = 1 });
    });
}
