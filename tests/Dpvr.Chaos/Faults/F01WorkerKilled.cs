using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

internal sealed class F01WorkerKilled : Fault
{
    public override int Number => 1;

    public override string Words => "kill -9 of a worker in mid-batch: its shards run elsewhere when the shipped lease of 20 s ends (I1, I3)";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(ChaosOptions.AsShipped, static async cluster =>
    {
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        await job.MoreCommittedAsync(3);
        var victim = cluster.Workers[0];
        var lost = await job.StopInHandAsync(victim);
        await victim.KillAsync();
        cluster.Run.Log($"{lost.Count} shards were lost, taken over after {(await job.TakenOverAsync(lost, TimeSpan.FromSeconds(60))).TotalSeconds:0.0} s");
        await job.VerifyAsync(new JobExpectation { FailuresAtMost = 1 });
    });
}
