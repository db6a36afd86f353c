using Dpvr.Chaos.Faults;
using Dpvr.Chaos.Harness;
using Dpvr.Contracts.Results;

namespace Dpvr.Chaos.Mutants;

/// <summary>Not one of the 30: a worker that can commit nothing, so that every shard comes to its last attempt.</summary>
internal sealed class PoisonedWorker : Fault
{
    public override int Number => 0;

    public override string Words => "every attempt fails: each item is given up after the job's maximum, and the job ends (I3, I6)";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(ChaosOptions.Bare, static async cluster =>
    {
        await cluster.AddWorkerAsync(Failpoint.At($"before-done=throw:{ErrorCodes.Internal}"));
        var spec = cluster.Run.Input.Job("*-00000*");
        var job = await cluster.SubmitAsync(spec);
        await job.VerifyAsync(new JobExpectation { Failing = [.. Directory.EnumerateFiles(spec.Source.Root, "*-00000*").Select(static f => Path.GetFileName(f))] });
    });
}
