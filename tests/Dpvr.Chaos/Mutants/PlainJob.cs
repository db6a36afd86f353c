using Dpvr.Chaos.Faults;
using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Mutants;

/// <summary>Not one of the 30: nothing happens.</summary>
internal sealed class PlainJob : Fault
{
    public override int Number => 0;

    public override string Words => "nothing happens: a job runs to its end (I1-I4)";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Silos = 1, Workers = 1 }, static async cluster =>
    {
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job("*0.png", "*1.png", "*2.png", "*3.png", "*4.png"));
        await using (var client = await cluster.ConnectAsync())
            await Poll.UntilAsync(async () =>
            {
                await job.LookAsync();
                await job.CheckCountsAsync(client);
                return await cluster.Store.ReadEndAsync(job.Id) is not null;
            }, TimeSpan.FromSeconds(150), "the job has ended");
        await job.VerifyAsync(new JobExpectation { FailuresAtMost = 0 });
    });
}
