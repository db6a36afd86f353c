using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

internal sealed class F03KilledBeforeCommit : Fault
{
    public override int Number => 3;

    public override string Words => "a worker is killed when its data is written and its marker is not: nobody sees half a shard (I4)";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Workers = 1, FailingWorker = "after-data-staged=kill@3" }, static async cluster =>
    {
        var victim = cluster.FailingWorker;
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        await victim.EndAsync();
        var lost = await job.HeldByAsync(victim);
        lost.Should().NotBeEmpty("the failpoint kills before a commit");
        await job.VerifyAsync(new JobExpectation { FailuresAtMost = 1 });
    });
}
