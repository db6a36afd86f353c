using Dpvr.Chaos.Harness;
using Dpvr.TestKit.Faults;
using Dpvr.TestKit.Servers;

namespace Dpvr.Chaos.Faults;

internal sealed class F19StoreHangs : Fault
{
    public override int Number => 19;

    public override string Words => "the blob store hangs, and sends a byte a second: a try ends by its own time, the job does not wait for a worker that does";

    public override string? NotHere => AzuriteServer.Missing;

    public override bool IsSlow => true;

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Silos = 1, Workers = 1, Azurite = true }, static async cluster =>
    {
        await using var proxy = await FaultProxy.StartAsync(cluster.Azurite.Endpoint, ChaosSeed.Value);
        await cluster.AddWorkerAsync((ChaosStore.ConnectionVariable, cluster.Azurite.ConnectionStringAt(proxy.Port)));
        var trickled = proxy.Add(new FaultRule(FaultKind.Trickle, static request => request.Method == "GET" && request.Path.Value!.Contains("/plan/", StringComparison.Ordinal)) { Times = 1 });
        var hung = proxy.Add(new FaultRule(FaultKind.Hang, static request => request.Method == "PUT" && request.Path.Value!.Contains("/shards/", StringComparison.Ordinal)) { Times = 2 });
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job("*0.png", "*1.png", "*2.png", "*3.png"));
        await job.VerifyAsync(new JobExpectation { FailuresAtMost = 0 });
        cluster.Run.Log($"{hung()} requests hung, {trickled()} trickled");
        (hung() + trickled()).Should().BePositive("the fault was met");
    });
}
