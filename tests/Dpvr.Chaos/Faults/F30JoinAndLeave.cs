using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

internal sealed class F30JoinAndLeave : Fault
{
    private const int Changes = 8;

    public override int Number => 30;

    public override string Words => "workers join and leave at random under load (I1-I6)";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Silos = 1 }, static async cluster =>
    {
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        for (var change = 0; change < Changes && await cluster.Store.ReadEndAsync(job.Id) is null; change++)
        {
            var workers = cluster.Workers;
            if (workers.Count < 2 || (workers.Count < 4 && cluster.Run.Random.Next(2) == 0)) await cluster.AddWorkerAsync();
            else
            {
                var leaving = workers[cluster.Run.Random.Next(workers.Count)];
                if (cluster.Run.Random.Next(2) == 0) await leaving.KillAsync();
                else leaving.Terminate();
            }
        }
        if (cluster.Workers.Count == 0) await cluster.AddWorkerAsync();
        await job.VerifyAsync();
    });
}
