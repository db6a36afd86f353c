using System.CommandLine;
using Dpvr.Cli.Cluster;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;
using Dpvr.Hosting;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Intake;

namespace Dpvr.Cli.Jobs;

/// <summary><c>dpvr jobs delete</c>: deletes a cluster's job that has ended.</summary>
internal static class JobDeleteCommand
{
    public static Command Create(SystemConsole console)
    {
        var job = new JobArgument();
        var cluster = new ClusterOptionSet();
        var command = new ExampleCommand("delete", "Delete a job that has ended, with its results.") { Examples = [new("dpvr jobs delete 3f2a9c0d1e5b7a8c9d0e-1", "nothing of it is left in the store")] };
        command.Add(job.Argument);
        cluster.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var id = job.Read(result);
            await using var client = await ClusterClient.ConnectAsync(cluster.Read(result), cluster.Store(result), LogFormat.None, cancellationToken);
            await job.RequireAsync(client, id, cancellationToken);
            try
            {
                await new JobRemover(client.Store, new JobIntake(client.Store, client.Grains, TimeProvider.System), client.Grains).RemoveAsync(id, cancellationToken);
            }
            catch (JobOpenException e)
            {
                throw new UsageException($"<job>: {e.Message}", e);
            }
            console.Out.WriteLine($"{id}: deleted");
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
