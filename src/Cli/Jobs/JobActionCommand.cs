using System.CommandLine;
using System.Text.Json;
using Dpvr.Cli.Cluster;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Hosting;

namespace Dpvr.Cli.Jobs;

/// <summary>A command that does one thing to one job, and shows where it stands after it.</summary>
internal static class JobActionCommand
{
    public static Command Create(SystemConsole console, string name, string description, Func<ClusterClient, JobId, Task<JobProgress>> action) =>
        Create(console, name, description, [], (_, cluster, job) => action(cluster, job));

    /// <summary>The same with options of its own.</summary>
    public static Command Create(SystemConsole console, string name, string description, IReadOnlyList<Option> options, Func<ParseResult, ClusterClient, JobId, Task<JobProgress>> action)
    {
        var job = new JobArgument();
        var cluster = new ClusterOptionSet();
        var json = new Option<bool>("--json") { Description = "The job's progress as JSON on standard output. Default: text." };
        var command = new ExampleCommand(name, description) { Examples = [new($"dpvr jobs {name} 3f2a9c0d1e5b7a8c9d0e-1", "the job's id, as dpvr caption and dpvr jobs list say it")] };
        command.Add(job.Argument);
        cluster.AddTo(command);
        command.Add(json);
        foreach (var option in options) command.Add(option);
        command.SetAction(async (result, cancellationToken) =>
        {
            var id = job.Read(result);
            await using var client = await ClusterClient.ConnectAsync(cluster.Read(result), cluster.Store(result), LogFormat.None, cancellationToken);
            await job.RequireAsync(client, id, cancellationToken);
            JobProgress progress;
            try
            {
                progress = await ClusterClient.CallAsync(() => action(result, client, id), cancellationToken);
            }
            catch (InvalidOperationException e)
            {
                throw new UsageException($"<job>: {e.Message}", e);
            }
            console.Out.WriteLine(result.GetValue(json) ? JsonSerializer.Serialize(progress, DpvrJson.Line.JobProgress) : JobWording.Line(progress));
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
