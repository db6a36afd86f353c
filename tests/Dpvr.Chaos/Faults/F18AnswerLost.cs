using Dpvr.Chaos.Harness;
using Dpvr.TestKit.Faults;
using Dpvr.TestKit.Servers;

namespace Dpvr.Chaos.Faults;

internal sealed class F18AnswerLost : Fault
{
    public override int Number => 18;

    public override string Words => "a commit is applied and its answer is lost: tried again it meets itself, and counts as success";

    public override string? NotHere => AzuriteServer.Missing;

    public override bool IsSlow => true;

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Silos = 1, Workers = 0, Azurite = true }, static async cluster =>
    {
        await using var proxy = await FaultProxy.StartAsync(cluster.Azurite.Endpoint, ChaosSeed.Value);
        await cluster.AddWorkerAsync((ChaosStore.ConnectionVariable, cluster.Azurite.ConnectionStringAt(proxy.Port)));
        var lost = proxy.Add(new FaultRule(FaultKind.ApplyThenReset, static request => request.Method == "PUT" && request.Path.Value!.Contains("/done/", StringComparison.Ordinal)) { Times = 3 });
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job("*0.png", "*1.png", "*2.png", "*3.png"));
        var verdict = await job.VerifyAsync(new JobExpectation { FailuresAtMost = 0 });
        lost().Should().Be(3);
        if (verdict.Progress.StaleCommits != 0) throw new InvariantException("I5", "a commit was taken for a stale one");
        verdict.Rework.Should().Be(0, "each of those commits was recognised");
    });
}
