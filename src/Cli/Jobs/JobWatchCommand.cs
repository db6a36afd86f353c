using System.CommandLine;
using Dpvr.Cli.Cluster;
using Dpvr.Cli.Help;
using Dpvr.Cli.Progress;
using Dpvr.Cli.Terminal;
using Dpvr.Hosting;

namespace Dpvr.Cli.Jobs;

/// <summary><c>dpvr jobs watch</c>: progress until the end, then the output.</summary>
internal static class JobWatchCommand
{
    public static Command Create(SystemConsole console)
    {
        var job = new JobArgument();
        var cluster = new ClusterOptionSet();
        var output = new Option<string?>("--output", "-o") { HelpName = "folder", Description = "Folder for the results. Default: dpvr-out/<job>." };
        var allowFailures = new Option<bool>("--allow-failures") { Description = "Exit code 0 although some pictures failed. Default: 3." };
        var json = new Option<bool>("--json") { Description = "One JSON event a line on standard output. Default: progress for people." };
        var command = new ExampleCommand("watch", "Show a job's progress until it ends, then fetch its output. Ctrl-C only stops watching.")
        {
            Examples = [new("dpvr jobs watch 3f2a9c0d1e5b7a8c9d0e-1 --output out", "results into out/")],
        };
        command.Add(job.Argument);
        cluster.AddTo(command);
        foreach (var option in (Option[])[output, allowFailures, json]) command.Add(option);
        command.SetAction(async (result, cancellationToken) =>
        {
            var id = job.Read(result);
            using var interrupts = Interrupts.Listen();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.Drain);
            await using var client = await ClusterClient.ConnectAsync(cluster.Read(result), cluster.Store(result), LogFormat.None, stop.Token);
            await job.RequireAsync(client, id, stop.Token);
            using var view = RunViews.For(result.GetValue(json), console);
            var folder = Path.GetFullPath(result.GetValue(output) ?? Path.Combine("dpvr-out", id.Value));
            var spec = (await client.Store.ReadSpecAsync(id, stop.Token))!;
            view.Start(new RunHeader { Folder = spec.Source.Root, Output = folder, Model = spec.Model.Name, Routing = spec.Routing.ToString(), Job = id.Value, Prompts = [.. spec.Prompts.Select(p => p.Name)] });
            var end = await ClusterCaption.FollowAsync(client, id, folder, result.GetValue(allowFailures), view, stop.Token);
            view.End(end);
            return (int)end.Code;
        });
        return command;
    }
}
