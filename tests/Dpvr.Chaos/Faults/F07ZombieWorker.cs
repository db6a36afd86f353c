using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

internal sealed class F07ZombieWorker : Fault
{
    public override int Number => 7;

    public override string Words => "SIGSTOP of a worker past its lease, then SIGCONT (the zombie): its write is refused and counted (I5)";

    // It stops itself where a zombie does the most harm: its data is written, the next thing it does is the commit.
    private static ChaosOptions Options(ChaosRun run) => new() { Silos = 1, Workers = 1, FailingWorker = $"before-done=stop@{1 + run.Random.Next(4)}", Lease = TimeSpan.FromSeconds(2) };

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(Options(run), static async cluster =>
    {
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        (await Zombie.LiveAsync(job, cluster.FailingWorker)).Should().BeTrue("the job is long enough to stop its worker");
        var verdict = await job.VerifyAsync(new JobExpectation { StaleAtLeast = 1 });
        cluster.Run.Log($"{verdict.Progress.StaleCommits} stale writes were refused and counted");
    });
}
