using System.CommandLine;
using System.Text.Json;
using Dpvr.Cli.Cluster;
using Dpvr.Cli.Help;
using Dpvr.Cli.Options;
using Dpvr.Cli.Terminal;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Hosting;

namespace Dpvr.Cli.Jobs;

/// <summary><c>dpvr jobs list</c>: the jobs of the store, finished ones too.</summary>
internal static class JobListCommand
{
    public static Command Create(SystemConsole console)
    {
        var cluster = new ClusterOptionSet();
        var limit = CheckedOption.Number("--limit", 50, 1, 100_000, "Jobs shown at most.");
        var unfinished = new Option<bool>("--unfinished") { Description = "Only jobs that have not ended. Default: all." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line on standard output. Default: text." };
        var command = new ExampleCommand("list", "List jobs with status and progress, in the order of their ids.")
        {
            Examples = [new("dpvr jobs list --unfinished", "what there is to do"), new("dpvr jobs list --json | jq .status", "for a program")],
        };
        cluster.AddTo(command);
        foreach (var option in (Option[])[limit, unfinished, json]) command.Add(option);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var client = await ClusterClient.ConnectAsync(cluster.Read(result), cluster.Store(result), LogFormat.None, cancellationToken);
            await foreach (var job in JobsAsync(client, result.GetValue(limit), result.GetValue(unfinished), cancellationToken))
                console.Out.WriteLine(result.GetValue(json) ? JsonSerializer.Serialize(job, DpvrJson.Line.JobProgress) : JobWording.Line(job));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static async IAsyncEnumerable<JobProgress> JobsAsync(
        ClusterClient client, int limit, bool unfinishedOnly, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var board = client.Grains.GetGrain<IJobBoardGrain>(0);
        JobId? after = null;
        for (var left = limit; left > 0;)
        {
            var query = new JobQuery { Limit = Math.Min(left, JobQuery.MostOfAPage), After = after, UnfinishedOnly = unfinishedOnly };
            var page = await ClusterClient.CallAsync(() => board.ListAsync(query), cancellationToken);
            foreach (var job in page.Jobs) yield return job;
            left -= page.Jobs.Count;
            after = page.Next;
            if (after is null) yield break;
        }
    }
}
