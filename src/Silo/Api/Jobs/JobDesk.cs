using System.Runtime.CompilerServices;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;
using Dpvr.Silo.Api.Problems;
using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>Jobs as callers see them: asked of the grains, completed from the store.</summary>
internal sealed class JobDesk(JobStore store, IGrainFactory grains, JobIntake intake, SourceRoots roots)
{
    private const int ViewsAtOnce = 8;

    public JobStore Store => store;

    /// <summary>The id, of a job that exists.</summary>
    /// <exception cref="ApiProblemException">There is none.</exception>
    public async Task<JobId> FindAsync(string id, CancellationToken cancellationToken) =>
        JobId.IsValid(id) && await store.ReadSpecAsync(new JobId(id), cancellationToken) is not null ? new JobId(id) : throw ApiProblemException.NotFound("job", id);

    public IJobGrain Grain(JobId job) => grains.GetGrain<IJobGrain>(job.Value);

    public async Task<JobView> ReadAsync(JobId job, CancellationToken cancellationToken) =>
        await ViewAsync(await GrainCalls.AskAsync(() => Grain(job).StatusAsync(), cancellationToken), cancellationToken);

    public async Task<JobView> ViewAsync(JobProgress progress, CancellationToken cancellationToken)
    {
        var spec = await store.ReadSpecAsync(progress.Job, cancellationToken);
        var submission = await intake.ReadAsync(progress.Job, cancellationToken);
        var end = progress.Status.IsTerminal() ? await store.ReadEndAsync(progress.Job, cancellationToken) : null;
        return Update(new JobView
        {
            Id = progress.Job.Value,
            Status = progress.Status,
            Requests = progress.Requests,
            CreatedAt = submission?.At,
            EndedAt = end?.At,
            Source = submission?.Source ?? spec?.Source.Kind,
            Model = spec?.Model.Name,
            Routing = spec?.Routing.ToString(),
            Prompts = spec?.Prompts,
            Metadata = submission?.Metadata,
        }, progress);
    }

    /// <summary>The view at a later moment.</summary>
    public JobView Update(JobView view, JobProgress progress) => view with
    {
        Status = progress.Status,
        Paused = progress.Paused,
        Images = progress.Images,
        ImagesDone = progress.ImagesDone,
        Requests = progress.Requests,
        Shards = progress.Shards,
        ShardsDone = progress.ShardsDone,
        Leased = progress.Leased,
        StaleCommits = progress.StaleCommits,
        PromptTokens = progress.PromptTokens,
        CompletionTokens = progress.CompletionTokens,
        Weight = progress.Weight,
        Priority = progress.Priority,
        Error = progress.Error is { } error ? error with { Message = roots.Hide(error.Message) } : null,
    };

    /// <summary>A page of the jobs that fit.</summary>
    public async Task<JobViewPage> ListAsync(int limit, JobId? after, JobStatus? status, CancellationToken cancellationToken)
    {
        var found = new List<JobProgress>();
        await foreach (var job in AllAsync(after, status is { } s && !s.IsTerminal(), cancellationToken))
        {
            if (status is not null && job.Status != status) continue;
            found.Add(job);
            if (found.Count > limit) break;
        }
        var views = new List<JobView>();
        foreach (var some in found.Take(limit).Chunk(ViewsAtOnce)) views.AddRange(await Task.WhenAll(some.Select(job => ViewAsync(job, cancellationToken))));
        return new JobViewPage(views, found.Count > limit, found.Count > limit ? views[^1].Id : null);
    }

    private async IAsyncEnumerable<JobProgress> AllAsync(JobId? after, bool unfinishedOnly, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var board = grains.GetGrain<IJobBoardGrain>(0);
        do
        {
            var query = new JobQuery { Limit = JobQuery.MostOfAPage, After = after, UnfinishedOnly = unfinishedOnly };
            var page = await GrainCalls.AskAsync(() => board.ListAsync(query), cancellationToken);
            foreach (var job in page.Jobs) yield return job;
            after = page.Next;
        }
        while (after is not null);
    }
}
