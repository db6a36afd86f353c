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
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job("*7.png"));
        await job.VerifyAsync(new JobExpectation { FailuresAtMost = 0 });
    });
}
