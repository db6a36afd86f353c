using Dpvr.Chaos.Harness;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;

namespace Dpvr.Chaos.Faults;

internal sealed class F29SourceReplaced : Fault
{
    public override int Number => 29;

    public override string Words => "a source file is replaced in mid-job: source_changed for it alone (I7)";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions { Silos = 1, Workers = 1 }, static async cluster =>
    {
        using var own = new TempFolder();
        foreach (var file in Directory.EnumerateFiles(cluster.Run.Input.Folder, "*.png")) File.Copy(file, own.Of(Path.GetFileName(file)));
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job() with { Source = new SourceSpec { Root = own.Path } });
        await job.MoreCommittedAsync(1);
        var last = Directory.GetFiles(own.Path).Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal).Last();
        await File.AppendAllTextAsync(own.Of(last), "more");
        await job.VerifyAsync(new JobExpectation { Failing = [last], FailingCode = ErrorCodes.SourceChanged, FailuresAtMost = 0 });
    });
}
