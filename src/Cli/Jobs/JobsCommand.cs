using System.CommandLine;
using Dpvr.Cli.Cluster;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Jobs;

/// <summary><c>dpvr jobs</c>: the jobs of a cluster, for whoever operates it.</summary>
internal static class JobsCommand
{
    public static Command Create(SystemConsole console)
    {
        var command = new ExampleCommand("jobs", "Show and steer the jobs of a cluster.")
        {
            Examples =
            [
                new("export DPVR_CLUSTER=redis://localhost DPVR_STORE=/shared/dpvr", "named once for all that follows"),
                new("dpvr jobs list --unfinished", "what there is to do"),
                new("dpvr jobs watch 3f2a9c0d1e5b7a8c9d0e-1", "progress until the end, then the output"),
                new("dpvr jobs pause 3f2a9c0d1e5b7a8c9d0e-1", "no new work is given out until it is resumed"),
            ],
        };
        command.Add(JobListCommand.Create(console));
        command.Add(JobActionCommand.Create(console, "status", "Show where a job stands.", static (cluster, job) => cluster.Job(job).StatusAsync()));
        command.Add(JobActionCommand.Create(console, "pause", "Give out no more work of a job until it is resumed; what runs is finished.", static (cluster, job) => cluster.Job(job).PauseAsync()));
        command.Add(JobActionCommand.Create(console, "resume", "Go on with a paused job.", static (cluster, job) => cluster.Job(job).ResumeAsync()));
        command.Add(JobActionCommand.Create(console, "cancel", "Stop a job for good; its output is put together of what is done.", static (cluster, job) => cluster.Job(job).CancelAsync()));
        command.Add(JobActionCommand.Create(console, "retry", "Do again what failed or was skipped of a job that has ended; what is still right is taken over. Shows the job that does it.", static async (cluster, job) =>
            await cluster.Job(await cluster.Job(job).RetryFailedAsync()).StatusAsync()));
        command.Add(JobDeleteCommand.Create(console));
        command.Add(JobShareCommand.Create(console));
        command.Add(JobWatchCommand.Create(console));
        return command;
    }
}
