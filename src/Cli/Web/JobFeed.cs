using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Dashboard.Jobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Output;
using Dpvr.Silo.Api.Jobs;

namespace Dpvr.Cli.Web;

/// <summary>Jobs from the store and the grains.</summary>
internal sealed class JobFeed(JobCatalog catalog, ShardLedgers ledgers, PlanReader plans, JobStore store, IGrainFactory grains) : IJobFeed
{
    public Task<JobsPage> ListAsync(JobsQuery query, CancellationToken cancellationToken) => catalog.ListAsync(query, cancellationToken);

    public async Task<JobDetail?> ReadAsync(JobId job, CancellationToken cancellationToken)
    {
        if (await catalog.FindAsync(job, cancellationToken) is not { Spec: { } spec } known) return null;
        var row = known.Row;
        var ledger = ledgers.Of(job);
        await ledger.RefreshAsync(cancellationToken);
        var plan = await plans.PlanAsync(job, cancellationToken);
        var (samples, events) = known.History;
        return new JobDetail
        {
            Row = row,
            Prompts = spec.Prompts,
            Sampling = spec.Sampling,
            MaxAttempts = spec.MaxAttempts,
            ShardSize = plan?.ShardSize ?? 0,
            Throughput = samples,
            Events = events,
            EngineSeconds = ledger.EngineSeconds,
            UnreadShards = ledger.Unread,
            Failures = ledger.Failures,
            Files = row.HasEnded ? await FilesAsync(job, cancellationToken) : [],
        };
    }

    public async Task<ShardMap?> ReadShardsAsync(JobId job, int range, CancellationToken cancellationToken) =>
        await catalog.FindAsync(job, cancellationToken) is { } known ? await new ShardMapper(store, plans, ledgers.Of(job), job, range).ReadAsync(known.Row.HasEnded, cancellationToken) : null;

    public Task PauseAsync(JobId job, CancellationToken cancellationToken) => AskAsync(job, static grain => grain.PauseAsync(), cancellationToken);

    public Task ResumeAsync(JobId job, CancellationToken cancellationToken) => AskAsync(job, static grain => grain.ResumeAsync(), cancellationToken);

    public Task CancelAsync(JobId job, CancellationToken cancellationToken) => AskAsync(job, static grain => grain.CancelAsync(), cancellationToken);

    public Task<JobId> RetryFailedAsync(JobId job, CancellationToken cancellationToken) => AskAsync(job, static grain => grain.RetryFailedAsync(), cancellationToken);

    public Task SetShareAsync(JobId job, double weight, int priority, CancellationToken cancellationToken) => AskAsync(job, grain => grain.SetShareAsync(weight, priority), cancellationToken);

    private async Task<IReadOnlyList<string>> FilesAsync(JobId job, CancellationToken cancellationToken) =>
        await store.ReadManifestAsync(store.Layout.OutputOf(job) + OutputNames.Manifest, cancellationToken) is { } manifest
            ? [.. new[] { OutputNames.Captions, OutputNames.Errors }.Where(name => manifest.Files.Any(f => f.Path == name)), OutputNames.Manifest]
            : [];

    private Task<T> AskAsync<T>(JobId job, Func<IJobGrain, Task<T>> call, CancellationToken cancellationToken) => GrainCalls.AskAsync(() => call(grains.GetGrain<IJobGrain>(job.Value)), cancellationToken);
}
