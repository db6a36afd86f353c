using System.CommandLine;
using Dpvr.Cli.Cluster;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Cli.Jobs;

/// <summary>The job that a command is about.</summary>
internal sealed class JobArgument
{
    public Argument<string> Argument { get; } = new("job") { Description = "The job's id." };

    /// <exception cref="UsageException">It is no id.</exception>
    public JobId Read(ParseResult result)
    {
        var text = result.GetRequiredValue(Argument);
        return JobId.IsValid(text) ? new JobId(text) : throw new UsageException($"<job>: '{text}' is no job id; allowed: 1 to 96 of a-z, 0-9, '-', '_'.");
    }

    /// <exception cref="UsageException">The store has no such job.</exception>
    public async Task RequireAsync(ClusterClient client, JobId job, CancellationToken cancellationToken)
    {
        if (await client.Store.ReadSpecAsync(job, cancellationToken) is null) throw new UsageException($"<job>: there is no job {job} in the store.");
    }
}
