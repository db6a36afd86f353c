using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Sources;

namespace Dpvr.Data.Tests.Jobs;

public sealed class JobPlannerTests : IDisposable
{
    private readonly TempFolder _source = new();
    private readonly TempFolder _output = new();
    private readonly JobStore _store;
    private readonly JobId _job = new("plan-1");

    public JobPlannerTests() => _store = new JobStore(new FileBlobStore(_output.Path), JobLayout.Embedded);

    public void Dispose()
    {
        _source.Dispose();
        _output.Dispose();
    }

    [Fact]
    public async Task PlanAsync_OverARange_SplitsPlanBlobs()
    {
        for (var i = 0; i < 1030; i++) _source.File($"{i}.png");
        var plan = await new JobPlanner(_store).PlanAsync(_job, Samples.Spec(_source.Path, 1));

        plan.Should().BeEquivalentTo(new { Images = 1030L, Requests = 1030L, Shards = 1030, ShardSize = 1 });
        var second = (await _store.ReadIndexAsync(_job, 1))!;
        second.FirstShard.Should().Be(ShardId.ShardsPerRange);
        second.Items.Should().HaveCount(6);
        var last = await _store.ReadItemsAsync(new PlanSlice(_store.Layout.PlanLines(_job, 1), second.Offsets[5], (int)(second.Offsets[6] - second.Offsets[5]), 0, 1));
        last.Single().CustomId.Should().Be("1029.png");
    }

    [Theory]
    [InlineData(0, 16, 0)]
    [InlineData(64, 16, 4)]
    [InlineData(800, 50, 16)]
    public async Task PlanAsync_WithoutASize_ChoosesSmallShardsForSmallJobs(int pictures, int size, int shards)
    {
        for (var i = 0; i < pictures; i++) _source.File($"{i}.png");

        var plan = await new JobPlanner(_store).PlanAsync(_job, Samples.Spec(_source.Path, 0));

        (plan.ShardSize, plan.Shards).Should().Be((size, shards));
    }

    [Fact]
    public async Task PlanAsync_WhenOneStands_KeepsIt()
    {
        _source.File("a.png");
        var planner = new JobPlanner(_store);
        var first = await planner.PlanAsync(_job, Samples.Spec(_source.Path));
        _source.File("b.png");

        (await planner.PlanAsync(_job, Samples.Spec(_source.Path))).Should().BeEquivalentTo(first);
    }

    [Fact]
    public async Task ListingHash_WhenAnythingChanges_Differs()
    {
        _source.File("a.png", "1");
        var seen = new HashSet<string> { await HashAsync() };
        seen.Add(await HashAsync()).Should().BeFalse("nothing has changed");
        _source.File("b.png", "1");
        seen.Add(await HashAsync()).Should().BeTrue();
        _source.File("b.png", "22");
        seen.Add(await HashAsync()).Should().BeTrue();
        File.SetLastWriteTimeUtc(Path.Combine(_source.Path, "b.png"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        seen.Add(await HashAsync()).Should().BeTrue();
        File.Move(Path.Combine(_source.Path, "b.png"), Path.Combine(_source.Path, "c.png"));
        seen.Add(await HashAsync()).Should().BeTrue();
    }

    private Task<string> HashAsync() => ListingHash.OfAsync(DatasetReaders.Open(new SourceSpec { Root = _source.Path }));
}
