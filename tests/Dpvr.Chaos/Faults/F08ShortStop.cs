using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

internal sealed class F08ShortStop : Fault
{
    public override int Number => 8;

    public override string Words => "SIGSTOP of a worker for less than its lease: nothing is reassigned";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(ChaosOptions.AsShipped, static async cluster =>
    {
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        var worker = cluster.Workers[0];
        var held = await job.StopInHandAsync(worker);
        await Poll.WhileAsync(() => worker.IsStopped, TimeSpan.FromSeconds(4), "it stands still");
        worker.Continue();
        var verdict = await job.VerifyAsync(new JobExpectation { FailuresAtMost = 0 });
        foreach (var lease in held)
            if (verdict.Attempts.Any(a => a.Shard == lease.Shard && a.Attempt > lease.Attempt)) throw new InvariantException("I3", $"shard {lease.Shard} was given to another though its lease was alive");
        cluster.Run.Log($"{held.Count} shards were held over the stop");
    });
}
