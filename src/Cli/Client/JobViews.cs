using Dpvr.Contracts.Jobs;
using Dpvr.Silo.Api.Jobs;

namespace Dpvr.Cli.Client;

/// <summary>A server's view of a job as the progress that commands show.</summary>
internal static class JobViews
{
    public static JobProgress ToProgress(this JobView view) => new()
    {
        Job = new JobId(view.Id),
        Status = view.Status,
        Paused = view.Paused,
        Images = view.Images,
        ImagesDone = view.ImagesDone,
        Requests = view.Requests,
        Shards = view.Shards,
        ShardsDone = view.ShardsDone,
        Leased = view.Leased,
        StaleCommits = view.StaleCommits,
        PromptTokens = view.PromptTokens,
        CompletionTokens = view.CompletionTokens,
        Error = view.Error,
        Weight = view.Weight,
        Priority = view.Priority,
    };
}
