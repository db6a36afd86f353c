using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

internal sealed class F04SiloKilled : Fault
{
    public override int Number => 4;

    public override string Words => "kill -9 of the coordinating silo: another goes on (I1, I2)";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Silos = 3 }, static async cluster =>
    {
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        await job.MoreCommittedAsync(3);
        // Which one coordinates is Orleans' secret: two of three are killed, one after the other, so that it is met at least once in two runs of three.
        foreach (var victim in cluster.Silos.OrderBy(_ => cluster.Run.Random.Next()).Take(2).ToList())
        {
            await victim.KillAsync();
            var before = await job.CommittedAsync();
            var took = await Poll.UntilAsync(async () => await job.CommittedAsync() > before || await cluster.Store.ReadEndAsync(job.Id) is not null, TimeSpan.FromSeconds(90), "the job goes on without the silo");
            cluster.Run.Log($"{victim.Name} was killed; the next shard was committed after {took.TotalSeconds:0.0} s");
        }
        await job.VerifyAsync();
    });
}
