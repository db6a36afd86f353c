using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

internal sealed class F05AllSilosKilled : Fault
{
    public override int Number => 5;

    public override string Words => "kill -9 of all silos, restart: the job resumes by itself";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions(), static async cluster =>
    {
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        await job.MoreCommittedAsync(3);
        var silos = cluster.Silos;
        foreach (var silo in silos) await silo.KillAsync();
        await Task.WhenAll(silos.Select(cluster.StartAgainAsync));
        var before = await job.CommittedAsync();
        var took = await Poll.UntilAsync(async () => await job.CommittedAsync() > before || await cluster.Store.ReadEndAsync(job.Id) is not null, TimeSpan.FromSeconds(90), "the job goes on after the restart");
        cluster.Run.Log($"the next shard was committed {took.TotalSeconds:0.0} s after the restart");
        await job.VerifyAsync();
    });
}
