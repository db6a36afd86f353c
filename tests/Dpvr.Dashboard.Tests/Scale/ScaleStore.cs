using System.Globalization;
using System.Text.Json;
using Dpvr.Cli.Caption;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Sources;
using Dpvr.Model.Checkpoints;

namespace Dpvr.Dashboard.Tests.Scale;

/// <summary>A store with more in it than anybody can compute in a test: plans by the planner and shards by the committer that the product uses, with answers that no model made.</summary>
internal sealed class ScaleStore(string folder)
{
    private const int FailsEach = 500; // one picture in five hundred is broken
    private static readonly string[] s_colours = ["red", "green", "blue", "yellow", "purple", "orange", "cyan", "white"];
    private static readonly string[] s_shapes = ["cube", "star", "ring", "crescent", "triangle", "cross", "heart"];

    public JobStore Jobs { get; } = new(new FileBlobStore(folder), JobLayout.Shared);

    public JobSpec Spec { get; } = SpecOf();

    /// <summary>Plans a job of many pictures.</summary>
    public async Task<JobPlan> PlanAsync(JobId job, long images)
    {
        await Jobs.CreateSpecAsync(job, Spec);
        var files = await DatasetReaders.Open(Spec.Source).ListAsync().ToListAsync();
        return await new JobPlanner(Jobs, _ => new RepeatedReader(files, images)).PlanAsync(job, Spec);
    }

    /// <summary>Jobs that have ended, one in twenty with trouble, as their blobs say it.</summary>
    public Task AddEndedAsync(int count) => Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, stop) =>
    {
        var job = new JobId(string.Create(CultureInfo.InvariantCulture, $"{i:x6}{i * 7919L % 1_000_003:x6}-1"));
        var (images, failed) = (1_000L + i, i % 20 == 0 ? 3L : 0);
        var requests = new Counts { Total = images, Succeeded = images - failed, Failed = failed };
        var at = DateTimeOffset.UnixEpoch.AddYears(56).AddMinutes(i);
        var progress = new JobProgress { Job = job, Status = JobStatus.Completed, Images = images, ImagesDone = images, Requests = requests, Shards = 4, ShardsDone = 4 };
        await Jobs.CreateSpecAsync(job, Spec, stop);
        await Jobs.Blobs.PutAsync($"submitted/{job}.json", JsonSerializer.SerializeToUtf8Bytes(new { at, by = "key:me", source = $"photos-{i % 50}" }), BlobDurability.Lazy, stop);
        await Jobs.CreateEndAsync(job, new JobEnd { Status = JobStatus.Completed, Requests = requests, At = at.AddMinutes(10), Progress = progress }, stop);
    });

    /// <summary>Jobs that wait: planned and paused.</summary>
    public async Task AddPausedAsync(int count, int images)
    {
        for (var i = 0; i < count; i++)
        {
            var job = new JobId(string.Create(CultureInfo.InvariantCulture, $"paused{i:x4}-1"));
            await PlanAsync(job, images);
            (await Jobs.TryWriteControlAsync(job, new JobControl { Paused = true }, null)).Should().NotBeNull();
        }
    }

    /// <summary>Commits some of a plan's shards, as workers would have done.</summary>
    public async Task CommitAsync(JobId job, int from, int to)
    {
        for (var range = new ShardId(from).Range; range <= new ShardId(to - 1).Range; range++)
        {
            var index = (await Jobs.ReadIndexAsync(job, range))!;
            var shards = Enumerable.Range(index.FirstShard, index.Items.Count).Where(n => n >= from && n < to).Select(static n => new ShardId(n));
            await Parallel.ForEachAsync(shards, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (shard, stop) =>
            {
                var lease = new Lease { Job = job, Shard = shard, Attempt = 1, Token = $"t{shard}", Plan = index.SliceOf(Jobs.Layout.PlanLines(job, range), shard), Duration = TimeSpan.FromMinutes(1) };
                await Jobs.TryCreateAttemptAsync(job, new AttemptRecord { Shard = shard, Attempt = 1, Token = lease.Token, Worker = "gpu-1" }, stop);
                await CommitAsync(lease, stop);
            });
        }
    }

    /// <summary>Commits what a lease asks for.</summary>
    public async Task CommitAsync(Lease lease, CancellationToken cancellationToken = default)
    {
        var items = await Jobs.ReadItemsAsync(lease.Plan, cancellationToken);
        (await new ShardCommitter(Jobs).CommitAsync(lease, items, Spec.Prompts, items.Select(Answer), engineSeconds: 2.5, cancellationToken)).Should().Be(CommitResult.Committed);
    }

    private ItemRecord Answer(ShardItem item)
    {
        var i = (int)(item.Index % int.MaxValue);
        if (i % FailsEach == FailsEach - 1) return new ItemRecord { CustomId = item.CustomId, Prompt = Spec.Prompts[0].Name, Error = new ItemError(ErrorCodes.DecodeError, "The file ends in the middle of the picture."), PromptText = null };
        return new ItemRecord
        {
            CustomId = item.CustomId,
            Prompt = Spec.Prompts[0].Name,
            Text = string.Create(CultureInfo.InvariantCulture, $"A large {s_colours[i % 8]} {s_shapes[i % 7]}, a small {s_colours[i / 8 % 8]} {s_shapes[i / 7 % 7]} and a {s_colours[i / 64 % 8]} {s_shapes[i / 49 % 7]} on a plain background, number {i}."),
            Tokens = new TokenCounts(104, 31),
            FinishReason = "stop",
            Logprob = -0.04,
            Model = Spec.Model.Name,
            Routing = "dpvr-lf",
            Sha256 = string.Create(CultureInfo.InvariantCulture, $"{i:x64}"),
            Width = 224,
            Height = 224,
            Timings = new ItemTimings { FetchMs = 0.4, DecodeMs = 2.1, QueueMs = 130, PrefillMs = 88, GenerateMs = 410 },
            Work = string.Create(CultureInfo.InvariantCulture, $"{i:x64}"),
        };
    }

    private static JobSpec SpecOf()
    {
        var model = ShippedModel.Find();
        using var checkpoint = Checkpoint.Open(model);
        return new JobSpec
        {
            Source = new SourceSpec { Root = DashboardHost.Scenes },
            Prompts = [new PromptSpec("caption", "Describe the image.")],
            Model = new ModelSpec(Path.GetFileName(model), model, checkpoint.Revision),
            Output = new OutputSpec { Location = "nowhere" },
            ShardSize = JobPlanner.DefaultShardSize,
        };
    }
}
