using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Output;
using Dpvr.Data.Sources;
using Dpvr.Data.Verification;

namespace Dpvr.Data.Tests;

/// <summary>A job done by hand on a folder of small files: source, plan, shards, output.</summary>
internal sealed class DoneJob : IDisposable
{
    public TempFolder Source { get; } = new();

    public TempFolder Output { get; } = new();

    public JobStore Store { get; private set; } = null!;

    public JobSpec Spec { get; private set; } = null!;

    public JobId Job { get; set; }

    public JobPlan Plan { get; private set; } = null!;

    public static async Task<DoneJob> CreateAsync(int pictures = 10, bool sidecars = false, params string[] prompts)
    {
        var done = new DoneJob();
        for (var i = 0; i < pictures; i++) done.Source.File($"p{i}.png", i == 3 ? "bad" : $"picture {i}");
        return await done.RunAsync(new JobStore(new FileBlobStore(done.Output.Path), JobLayout.Embedded), Samples.Spec(done.Source.Path, 4, sidecars, prompts));
    }

    /// <summary>Any specification in any store.</summary>
    public static Task<DoneJob> CreateAsync(JobStore store, JobSpec spec) => new DoneJob().RunAsync(store, spec);

    private async Task<DoneJob> RunAsync(JobStore store, JobSpec spec)
    {
        var done = this;
        (done.Store, done.Spec) = (store, spec);
        done.Job = JobIds.First(done.Spec);
        await done.PlanAsync();
        for (var shard = 0; shard < done.Plan.Shards; shard++) await done.CommitAsync(new ShardId(shard));
        await done.AssembleAsync();
        return done;
    }

    public async Task PlanAsync()
    {
        await Store.CreateSpecAsync(Job, Spec);
        Plan = await new JobPlanner(Store).PlanAsync(Job, Spec);
    }

    public async Task<Lease> LeaseAsync(ShardId shard, int attempt = 1)
    {
        var index = (await Store.ReadIndexAsync(Job, shard.Range))!;
        var at = shard.Number - index.FirstShard;
        return new Lease
        {
            Job = Job,
            Shard = shard,
            Attempt = attempt,
            Token = $"token-{attempt}",
            Duration = TimeSpan.FromMinutes(1),
            Plan = new PlanSlice(Store.Layout.PlanLines(Job, shard.Range), index.Offsets[at], (int)(index.Offsets[at + 1] - index.Offsets[at]), shard.First, Lineage.CountOf(shard, index.Items[at])),
        };
    }

    public async Task<CommitResult> CommitAsync(ShardId shard, int attempt = 1)
    {
        var lease = await LeaseAsync(shard, attempt);
        var items = await Store.ReadItemsAsync(lease.Plan);
        var reader = DatasetReaders.Open(Spec.Source);
        var records = new List<Contracts.Results.ItemRecord>();
        foreach (var item in items) records.AddRange(Samples.Answer(Spec, item, (await reader.ReadAsync(item)).Bytes.Span));
        records.Reverse();
        return await new ShardCommitter(Store).CommitAsync(lease, items, Spec.Prompts, records);
    }

    public Task AssembleAsync(JobStatus status = JobStatus.Completed) => new JobOutput(Store, TimeProvider.System).AssembleAsync(Job, status);

    public Task<VerifyReport> VerifyAsync() => new OutputVerifier(Store).VerifyAsync(Store.Layout == JobLayout.Embedded ? null : Job);

    public string PathOf(string key) => Path.Combine(Output.Path, key);

    public string[] Lines(string name) => File.ReadAllLines(PathOf(name));

    public void Dispose()
    {
        Source.Dispose();
        Output.Dispose();
    }
}
