using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Client;

/// <summary><c>dpvr results</c>: fetches the results of a server's job that has ended.</summary>
internal static class ResultsCommand
{
    public static Command Create(SystemConsole console)
    {
        var (server, options) = (new ServerOptionSet(), new RemoteOptions());
        var command = new ExampleCommand("results", "Fetch the results of a job of a server: captions.jsonl, errors.jsonl, manifest.json.")
        {
            Examples = [new("dpvr results 3f2a9c0d1e5b7a8c9d0e-1 --output out", "into out/")],
        };
        command.Add(options.Job);
        server.AddTo(command);
        command.Add(options.Output);
        command.SetAction(async (result, cancellationToken) =>
        {
            using var client = server.Connect(result);
            var job = result.GetRequiredValue(options.Job);
            var output = options.OutputOf(result, job);
            if (!await RemoteWatch.FetchAsync(client, job, output, cancellationToken)) throw new UsageException($"<job>: job {job} has no results (yet); dpvr status {job} says where it stands.");
            console.Out.WriteLine($"results: {output}");
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
