using System.CommandLine;
using System.Text.Json;
using Dpvr.Cli.Help;
using Dpvr.Cli.Jobs;
using Dpvr.Cli.Terminal;
using Dpvr.Contracts.Json;
using Dpvr.Silo.Api.Jobs;

namespace Dpvr.Cli.Client;

/// <summary>A command that does one thing to one job of a server, and shows where it stands after it.</summary>
internal static class RemoteActionCommand
{
    public static Command Create(SystemConsole console, string name, string description, Func<ApiClient, string, CancellationToken, Task<JobView>> action)
    {
        var (server, options) = (new ServerOptionSet(), new RemoteOptions());
        var command = new ExampleCommand(name, description) { Examples = [new($"dpvr {name} 3f2a9c0d1e5b7a8c9d0e-1 --server http://127.0.0.1:8080", "the job's id, as dpvr submit says it")] };
        command.Add(options.Job);
        server.AddTo(command);
        command.Add(options.Json);
        command.SetAction(async (result, cancellationToken) =>
        {
            using var client = server.Connect(result);
            var progress = (await action(client, result.GetRequiredValue(options.Job), cancellationToken)).ToProgress();
            console.Out.WriteLine(result.GetValue(options.Json) ? JsonSerializer.Serialize(progress, DpvrJson.Line.JobProgress) : JobWording.Line(progress));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All(SystemConsole console) =>
    [
        Create(console, "status", "Show where a job of a server stands.", static (client, job, stop) => client.ReadAsync(job, stop)),
        Create(console, "pause", "Give out no more work of a job of a server until it is resumed; what runs is finished.", static (client, job, stop) => client.ActAsync(job, "pause", stop)),
        Create(console, "resume", "Go on with a paused job of a server.", static (client, job, stop) => client.ActAsync(job, "resume", stop)),
        Create(console, "cancel", "Stop a job of a server for good; its results are put together of what is done.", static (client, job, stop) => client.ActAsync(job, "cancel", stop)),
        Create(console, "retry", "Do again what failed or was skipped of a job that has ended; shows the job that does it.", static (client, job, stop) => client.ActAsync(job, "retry", stop)),
    ];
}
