using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

internal sealed class F02KilledAfterCommit : Fault
{
    public override int Number => 2;

    public override string Words => "a worker is killed after the shard's commit, before its report: adopted, not redone";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Workers = 1, FailingWorker = "after-done=kill@3" }, static async cluster =>
    {
        var victim = cluster.FailingWorker;
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        await victim.EndAsync();
        var unreported = (await job.HeldByAsync(victim, committedToo: true)).Select(static a => (a.Shard, a.Attempt)).ToHashSet();
        var adopted = (await job.MarkersAsync()).Where(m => unreported.Contains((m.Shard, m.Attempt))).ToList();
        adopted.Should().NotBeEmpty("the failpoint kills right after a commit");
        var verdict = await job.VerifyAsync(new JobExpectation { FailuresAtMost = 1 });
        foreach (var marker in adopted)
            if (verdict.Attempts.Any(a => a.Shard == marker.Shard && a.Attempt > marker.Attempt)) throw new InvariantException("I3", $"shard {marker.Shard} was committed and done again");
        cluster.Run.Log($"{adopted.Count} commits of the dead were adopted");
    });
}
