using Dpvr.Chaos.Harness;
using Dpvr.Contracts.Shards;
using Dpvr.TestKit.Network;
using Dpvr.TestKit.Servers;

namespace Dpvr.Chaos.Faults;

internal sealed class F11WorkerCutFromStore : Fault
{
    public override int Number => 11;

    public override string Words => "a worker is cut from the blob store only: it gives its shards back, others do them, no attempt is consumed";

    public override string? NotHere => AzuriteServer.Missing;

    public override bool IsSlow => true;

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Silos = 1, Workers = 1, Azurite = true }, static async cluster =>
    {
        await using var relay = new TcpRelay(cluster.Azurite.Port);
        var worker = await cluster.AddWorkerAsync((ChaosStore.ConnectionVariable, cluster.Azurite.ConnectionStringAt(relay.Port)));
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        await job.WorkedOnByAsync(worker);
        relay.Cut();
        var held = await job.HeldByAsync(worker);
        await job.TakenOverAsync(held, TimeSpan.FromSeconds(120));
        relay.Heal();
        var verdict = await job.VerifyAsync(new JobExpectation { FailuresAtMost = 1 });
        cluster.Run.Log($"{verdict.Attempts.Count(static a => a.Outcome == AttemptOutcome.Released)} leases were given back");
    });
}
