using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

internal sealed class F09CoordinatorStopped : Fault
{
    public override int Number => 9;

    public override string Words => "SIGSTOP of the coordinator until others took its place, then SIGCONT: of two coordinators the old one loses and gives up";

    public override bool IsSlow => true;

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Silos = 3 }, static async cluster =>
    {
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        await job.MoreCommittedAsync(3);
        var old = await cluster.CoordinatorAsync(job);
        old.Suspend();
        var before = await job.CommittedAsync();
        var took = await Poll.UntilAsync(async () => await job.CommittedAsync() > before + 4 || await cluster.Store.ReadEndAsync(job.Id) is not null, TimeSpan.FromSeconds(120), "the job goes on without its coordinator");
        cluster.Run.Log($"{old.Name} stood still; the job went on after {took.TotalSeconds:0.0} s");
        (await cluster.CoordinatorAsync(job)).Should().NotBe(old, "the job lives elsewhere now");
        old.Continue();
        await job.VerifyAsync();
    });
}
