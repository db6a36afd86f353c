using System.CommandLine;
using System.Globalization;
using Dpvr.Cli.Help;
using Dpvr.Cli.Progress;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Client;

/// <summary><c>dpvr submit</c>: hands a job to a server.</summary>
internal static class SubmitCommand
{
    public static Command Create(SystemConsole console)
    {
        var (server, remote, options) = (new ServerOptionSet(), new RemoteOptions(), new SubmitOptions());
        var key = new Option<string?>("--idempotency-key") { HelpName = "text", Description = "However often this is sent, it is one job. Default: each submission is a job of its own." };
        var plan = new Option<bool>("--plan") { Description = "Only count the pictures and estimate the work; begin nothing." };
        var watch = new Option<bool>("--watch", "-w") { Description = "Show the job until it ends, then fetch its results. Default: print its id." };
        var command = new ExampleCommand("submit", "Hand a job to a server (dpvr serve, dpvr silo --http): a caption or answers for every picture below one of its roots.")
        {
            Examples =
            [
                new("dpvr submit photos --server http://127.0.0.1:8080", "all pictures of the server's root photos; prints the job's id"),
                new("dpvr submit photos/2024 -r -q \"How many people are there?\" --idempotency-key order-7 --watch", "shows it until it ends, then fetches the results"),
                new("dpvr submit photos -r --plan", "how many pictures, and how long"),
            ],
        };
        options.AddTo(command);
        server.AddTo(command);
        foreach (var option in (Option[])[key, plan, watch, remote.Output, remote.AllowFailures, remote.Json]) command.Add(option);
        command.SetAction(async (result, cancellationToken) =>
        {
            using var interrupts = Interrupts.Listen();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.Drain);
            using var client = server.Connect(result);
            var request = options.Read(result);
            if (result.GetValue(plan))
            {
                var found = await client.PlanAsync(request, stop.Token);
                var time = found.EngineSeconds is { } s ? $", about {Wording.Time(TimeSpan.FromSeconds(s))} of one accelerator" : ", no earlier job to tell the time by";
                console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{found.Images} pictures ({found.Unreadable} unreadable), {found.Bytes / 1048576.0:F1} MiB, {found.Requests} requests to {found.Model} ({found.Routing}){time}"));
                return (int)ExitCode.Ok;
            }
            var job = await client.SubmitAsync(request, result.GetValue(key), stop.Token);
            if (!result.GetValue(watch))
            {
                console.Out.WriteLine(result.GetValue(remote.Json) ? System.Text.Json.JsonSerializer.Serialize(job.ToProgress(), Contracts.Json.DpvrJson.Line.JobProgress) : job.Id);
                return (int)ExitCode.Ok;
            }
            var output = remote.OutputOf(result, job.Id);
            using var view = RunViews.For(result.GetValue(remote.Json), console);
            view.Start(RemoteWatch.HeaderOf(job, output));
            var end = await new RemoteWatch(client, view, TimeProvider.System).FollowAsync(job.Id, output, result.GetValue(remote.AllowFailures), stop.Token);
            view.End(end);
            return (int)end.Code;
        });
        return command;
    }
}
