using Dpvr.Chaos.Harness;
using Dpvr.Contracts.Shards;

namespace Dpvr.Chaos.Faults;

internal sealed class F06Drained : Fault
{
    public override int Number => 6;

    public override string Words => "SIGTERM: workers and silos drain, no attempt is consumed";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions(), static async cluster =>
    {
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        await job.MoreCommittedAsync(3);
        var worker = cluster.Workers[0];
        await job.WorkedOnByAsync(worker);
        worker.Terminate();
        (await worker.EndAsync()).Code.Should().Be(0, "a drained worker ends well");
        var silo = cluster.Silos[cluster.Run.Random.Next(2)];
        silo.Terminate();
        (await silo.EndAsync()).Code.Should().Be(0, "a drained silo ends well");
        var verdict = await job.VerifyAsync(new JobExpectation { FailuresAtMost = 0 });
        verdict.Attempts.Should().NotContain(a => a.Outcome == AttemptOutcome.Expired, "nothing had to wait for a lease to end");
    });
}
