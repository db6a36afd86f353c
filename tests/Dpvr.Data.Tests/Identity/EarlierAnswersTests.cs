using Dpvr.Contracts.Shards;
using Dpvr.Data.Identity;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Tests.Identity;

public sealed class EarlierAnswersTests
{
    [Fact]
    public async Task LearnAsync_WithTheSamePlan_ReadsTheSameShardAlone()
    {
        using var job = await DoneJob.CreateAsync(10);
        var lease = await NextGenerationAsync(job);
        var cache = new ResultCache(job.Store.Blobs);

        await new EarlierAnswers(job.Store, cache).LearnAsync(lease);

        cache.Count.Should().Be(3, "of the shard's four pictures one had failed, and no other shard was read");
        (await cache.FindAsync(Work(job, "picture 1")))!.Text.Should().Contain("picture 1");
        (await cache.FindAsync(Work(job, "picture 5"))).Should().BeNull();
    }

    [Fact]
    public async Task LearnAsync_WithAnotherPlan_ReadsAll()
    {
        using var job = await DoneJob.CreateAsync(10);
        job.Source.File("p99.png", "new");
        var lease = await NextGenerationAsync(job);
        var cache = new ResultCache(job.Store.Blobs);

        await new EarlierAnswers(job.Store, cache).LearnAsync(lease);

        cache.Count.Should().Be(9);
    }

    [Fact]
    public async Task LearnAsync_OfAFirstGenerationOrAKnownStore_ReadsNothing()
    {
        using var job = await DoneJob.CreateAsync(10);
        var cache = new ResultCache(job.Store.Blobs);
        await new EarlierAnswers(job.Store, cache).LearnAsync(await job.LeaseAsync(new ShardId(0)));

        cache.Count.Should().Be(0);
        await cache.LoadAsync(job.Store);
        cache.KnowsStore.Should().BeTrue();
    }

    private static async Task<Lease> NextGenerationAsync(DoneJob job)
    {
        job.Job = JobIds.Next(job.Job);
        await job.PlanAsync();
        return await job.LeaseAsync(new ShardId(0));
    }

    private static string Work(DoneJob job, string picture) =>
        new WorkIdentity(job.Spec, job.Spec.Prompts[0]).Of(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(picture))));
}
