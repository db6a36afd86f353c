using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

internal sealed class F07ZombieWorker : Fault
{
    public override int Number => 7;

    public override string Words => "SIGSTOP of a worker past its lease, then SIGCONT (the zombie): its write is refused and counted (I5)";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Silos = 1, Workers = 1, Lease = TimeSpan.FromSeconds(2) }, static async cluster =>
    {
        // It stops itself where a zombie does the most harm: its data is written, the next thing it does is the commit.
        var zombie = await cluster.AddWorkerAsync(Failpoint.At($"before-done=stop@{1 + cluster.Run.Random.Next(4)}"));
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        await Zombie.LiveAsync(job, zombie);
        var verdict = await job.VerifyAsync(new JobExpectation { StaleAtLeast = 1 });
        cluster.Run.Log($"{verdict.Progress.StaleCommits} stale writes were refused and counted");
    });
}
