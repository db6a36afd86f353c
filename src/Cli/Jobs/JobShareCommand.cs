using System.CommandLine;
using Dpvr.Cli.Options;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Jobs;

/// <summary><c>dpvr jobs share</c>: weight and priority of a job, also while it runs.</summary>
internal static class JobShareCommand
{
    public static Command Create(SystemConsole console)
    {
        var weight = CheckedOption.Fraction("--weight", 1, 0.001, 1000, "Share of accelerator time among jobs of the same priority.");
        var priority = CheckedOption.Number("--priority", 0, -1000, 1000, "A job of higher priority comes first, strictly.");
        return JobActionCommand.Create(console, "share", "Set a job's weight and priority, also while it runs.", [weight, priority],
            (result, cluster, job) => cluster.Job(job).SetShareAsync(result.GetValue(weight), result.GetValue(priority)));
    }
}
