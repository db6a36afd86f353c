using Dpvr.Chaos.Harness;
using Dpvr.TestKit.Faults;
using Dpvr.TestKit.Servers;

namespace Dpvr.Chaos.Faults;

internal sealed class F17StoreRefuses : Fault
{
    public override int Number => 17;

    public override string Words => "the blob store answers 500, 503 and 429, each to 4 % of all requests: waited for and tried again, no attempt is consumed";

    public override string? NotHere => AzuriteServer.Missing;

    public override bool IsSlow => true;

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Silos = 0, Workers = 0, Azurite = true }, static async cluster =>
    {
        await using var proxy = await FaultProxy.StartAsync(cluster.Azurite.Endpoint, ChaosSeed.Value);
        var throughIt = (ChaosStore.ConnectionVariable, cluster.Azurite.ConnectionStringAt(proxy.Port));
        await cluster.AddSiloAsync(throughIt);
        await Task.WhenAll(cluster.AddWorkerAsync(throughIt), cluster.AddWorkerAsync(throughIt));
        int[] statuses = [500, 503, 429];
        var hits = statuses.Select(status => proxy.Add(new FaultRule(FaultKind.Answer) { Status = status, Probability = 0.04, RetryAfter = status == 500 ? null : TimeSpan.FromSeconds(1) })).ToList();
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job("*0.png", "*1.png", "*2.png", "*3.png"));
        await job.VerifyAsync(new JobExpectation { FailuresAtMost = 0 });
        cluster.Run.Log($"{hits.Sum(static h => h())} of {proxy.Requests} requests were refused");
        hits.Should().OnlyContain(static h => h() > 0, "each kind of refusal was met");
    });
}
