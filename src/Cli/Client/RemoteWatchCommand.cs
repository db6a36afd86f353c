using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Progress;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Client;

/// <summary><c>dpvr watch</c>: progress of a server's job until its end, then its results.</summary>
internal static class RemoteWatchCommand
{
    public static Command Create(SystemConsole console)
    {
        var (server, options) = (new ServerOptionSet(), new RemoteOptions());
        var command = new ExampleCommand("watch", "Show a job of a server until it ends, then fetch its results. Ctrl-C only stops watching.")
        {
            Examples = [new("dpvr watch 3f2a9c0d1e5b7a8c9d0e-1 --output out", "results into out/")],
        };
        command.Add(options.Job);
        server.AddTo(command);
        foreach (var option in (Option[])[options.Output, options.AllowFailures, options.Json]) command.Add(option);
        command.SetAction(async (result, cancellationToken) =>
        {
            using var interrupts = Interrupts.Listen();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.Drain);
            using var client = server.Connect(result);
            var job = result.GetRequiredValue(options.Job);
            var output = options.OutputOf(result, job);
            var first = await client.ReadAsync(job, stop.Token);
            using var view = RunViews.For(result.GetValue(options.Json), console);
            view.Start(RemoteWatch.HeaderOf(first, output));
            var end = await new RemoteWatch(client, view, TimeProvider.System).FollowAsync(job, output, result.GetValue(options.AllowFailures), stop.Token);
            view.End(end);
            return (int)end.Code;
        });
        return command;
    }
}
