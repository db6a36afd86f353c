using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Client;

/// <summary><c>dpvr delete</c>: deletes a server's job that has ended.</summary>
internal static class DeleteCommand
{
    public static Command Create(SystemConsole console)
    {
        var (server, options) = (new ServerOptionSet(), new RemoteOptions());
        var command = new ExampleCommand("delete", "Delete a job of a server that has ended, with its results. Needs a key of the scope admin.")
        {
            Examples = [new("dpvr delete 3f2a9c0d1e5b7a8c9d0e-1 --server http://127.0.0.1:8080", "nothing of it is left in the store")],
        };
        command.Add(options.Job);
        server.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            using var client = server.Connect(result);
            console.Out.WriteLine($"{(await client.DeleteAsync(result.GetRequiredValue(options.Job), cancellationToken)).Id}: deleted");
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
