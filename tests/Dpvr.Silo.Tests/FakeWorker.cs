using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Identity;
using Dpvr.Data.Jobs;
using Dpvr.Data.Sources;
using Dpvr.Data.Tests;

namespace Dpvr.Silo.Tests;

/// <summary>A worker without a model. Pictures that hold "poison" make it fail the whole shard.</summary>
internal sealed class FakeWorker(IGrainFactory grains, JobStore store, string name = "worker")
{
    private readonly ResultCache _cache = new(store.Blobs);

    /// <summary>Requests computed, not taken over.</summary>
    public int Computed { get; private set; }

    public List<Lease> Leases { get; } = [];

    public async Task<Lease?> LeaseAsync()
    {
        var reply = await grains.GetGrain<IJobBoardGrain>(0).LeaseAsync(name);
        if (reply.Lease is { } lease) Leases.Add(lease);
        return reply.Lease;
    }

    /// <summary>Works one lease to its end.</summary>
    public async Task<AttemptOutcome> WorkAsync(Lease lease)
    {
        var outcome = await CommitAsync(lease);
        await ReportAsync(lease, outcome, outcome == AttemptOutcome.Failed ? new ItemError(ErrorCodes.DecoderCrash, "the decoder died") : null);
        return outcome;
    }

    /// <summary>Commits, but tells nobody.</summary>
    public async Task<AttemptOutcome> CommitAsync(Lease lease)
    {
        var spec = (await store.ReadSpecAsync(lease.Job))!;
        var items = await store.ReadItemsAsync(lease.Plan);
        var reader = DatasetReaders.Open(spec.Source);
        var records = new List<ItemRecord>();
        foreach (var item in items)
        {
            var read = await reader.ReadAsync(item);
            if (read.Error is { } error)
            {
                records.AddRange(spec.Prompts.Select(p => new ItemRecord { CustomId = item.CustomId, Prompt = p.Name, Error = error }));
                continue;
            }
            if (System.Text.Encoding.UTF8.GetString(read.Bytes.Span).Contains("poison", StringComparison.Ordinal)) return AttemptOutcome.Failed;
            foreach (var answer in Samples.Answer(spec, item, read.Bytes.Span))
            {
                var known = answer.Error is null ? await _cache.FindAsync(answer.Work!) : null;
                if (known is null) Computed++;
                records.Add(known is null ? answer : known with { CustomId = answer.CustomId, Prompt = answer.Prompt, Reused = true });
            }
        }
        return await new ShardCommitter(store, _cache).CommitAsync(lease, items, spec.Prompts, records, 0.1) == CommitResult.Committed ? AttemptOutcome.Committed : AttemptOutcome.Stale;
    }

    public Task ReportAsync(Lease lease, AttemptOutcome outcome, ItemError? error = null) =>
        grains.GetGrain<IJobGrain>(lease.Job.Value).ReportAsync(lease.Shard, lease.Attempt, lease.Token, new AttemptReport { Outcome = outcome, Error = error, EngineSeconds = 0.1 });

    /// <summary>Works until the job has ended, or has paused by itself.</summary>
    public async Task<JobProgress> RunAsync(JobId job, CancellationToken cancellationToken)
    {
        await _cache.LoadAsync(store, cancellationToken);
        var grain = grains.GetGrain<IJobGrain>(job.Value);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var progress = await grain.StatusAsync();
            if (progress.Status.IsTerminal() || progress.Error is not null) return progress;
            if (await LeaseAsync() is { } lease) await WorkAsync(lease);
        }
    }
}
