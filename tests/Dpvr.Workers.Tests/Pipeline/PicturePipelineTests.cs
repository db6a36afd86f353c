using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Data.Identity;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Tests.Engine;
using Dpvr.Workers.Waits;

namespace Dpvr.Workers.Tests.Pipeline;

public sealed class PicturePipelineTests
{
    [Fact]
    public async Task FinishedAsync_ManyItemsAndPrompts_OneRecordEachInTheirOrder()
    {
        await using var fixture = new PipelineFixture();
        for (var i = 0; i < 40; i++) fixture.Write($"{i:D2}.jpg", $"picture {i}");

        var records = await fixture.RunAsync(fixture.Job(new PromptSpec("caption", "describe"), new PromptSpec("colour", "which colour?")));

        records.Select(r => (r.CustomId, r.Prompt)).Should().Equal(
            Enumerable.Range(0, 40).SelectMany(i => new[] { ($"{i:D2}.jpg", "caption"), ($"{i:D2}.jpg", "colour") }));
        records[3].Should().BeEquivalentTo(new
        {
            Text = TestEngine.TextOf("which colour?", TestPicture.Sha256Of("picture 1")),
            Sha256 = TestPicture.Sha256Of("picture 1"),
            Width = 7,
            Height = 5,
            FinishReason = "stop",
            Model = "test",
            Routing = "dense",
            Tokens = new TokenCounts(10, 3),
            Error = (ItemError?)null,
        });
        await fixture.IdleAsync(); // nothing is left in any stage
    }

    [Fact]
    public async Task FinishedAsync_WithBadItems_TheirRecordsHaveCodesAndNeighboursSucceed()
    {
        await using var fixture = new PipelineFixture(() => new TestEngine { ErrorOf = r => r.Picture.Sha256 == TestPicture.Sha256Of("nan") ? new ItemError(ErrorCodes.ModelNan, "nan") : null });
        fixture.Write("a.jpg", "good");
        fixture.Write("b.jpg", "bad");
        fixture.Write("c.jpg", "");
        fixture.Write("d.jpg", "gone soon");
        fixture.Write("e.jpg", "nan");
        fixture.Write("f.jpg", "as good");
        var job = fixture.Job();

        var records = await fixture.RunAsync(job, afterListing: () => File.Delete(Path.Combine(job.Source.Root, "d.jpg")));

        records.Select(r => (r.CustomId, r.Error?.Code)).Should().Equal(
            ("a.jpg", null), ("b.jpg", ErrorCodes.DecodeError), ("c.jpg", ErrorCodes.Empty), ("d.jpg", ErrorCodes.SourceMissing), ("e.jpg", ErrorCodes.ModelNan), ("f.jpg", null));
    }

    [Fact]
    public async Task FinishedAsync_WhenAFileIsReplacedAfterThePlan_SaysSourceChanged()
    {
        await using var fixture = new PipelineFixture();
        fixture.Write("a.jpg", "one");

        var records = await fixture.RunAsync(fixture.Job(), afterListing: () => fixture.Write("a.jpg", "another one"));

        records.Single().Error!.Code.Should().Be(ErrorCodes.SourceChanged);
    }

    [Fact]
    public async Task FinishedAsync_WithDuplicates_ComputesThemOnce()
    {
        var engine = default(TestEngine)!;
        await using var fixture = new PipelineFixture(() => engine = new TestEngine());
        for (var i = 0; i < 10; i++) fixture.Write($"{i}.jpg", "the same");

        var records = await fixture.RunAsync(fixture.Job());

        engine.Submitted.Should().Be(1);
        records.Select(r => r.Text).Distinct().Should().ContainSingle();
        records.Count(r => r.Reused == true).Should().Be(9);
        records.Select(r => r.Work).Distinct().Should().ContainSingle().Which.Should().NotBeNull();
    }

    [Fact]
    public async Task FinishedAsync_WithAKnownAnswer_TakesItOver()
    {
        var engine = default(TestEngine)!;
        var known = new ItemRecord { CustomId = "other", Prompt = "other", Text = "from before", Width = 3, Height = 4, Tokens = new TokenCounts(5, 6) };
        await using var fixture = new PipelineFixture(() => engine = new TestEngine(), new OneAnswer(known));
        fixture.Write("a.jpg", "picture");

        var records = await fixture.RunAsync(fixture.Job());

        records.Single().Should().BeEquivalentTo(known with { CustomId = "a.jpg", Prompt = "caption", Reused = true }, o => o.Excluding(r => r.Timings));
        engine.Submitted.Should().Be(0);
    }

    [Fact]
    public async Task FinishedAsync_WhenTheEngineFails_FailsTheShardAndNotSilently()
    {
        await using var fixture = new PipelineFixture(() => new TestEngine { OnStep = _ => throw new InvalidOperationException("boom") });
        fixture.Write("a.jpg", "picture");

        (await fixture.Awaiting(f => f.RunAsync(f.Job())).Should().ThrowAsync<EngineFaultException>()).WithMessage("*boom*");
    }

    [Fact]
    public async Task EnterAsync_WhenAShardIsDropped_AnotherIsUnharmed()
    {
        using var drop = new CancellationTokenSource();
        using var hold = new ManualResetEventSlim();
        await using var fixture = new PipelineFixture(() => new TestEngine { OnStep = _ => hold.Wait() });
        for (var i = 0; i < 20; i++) fixture.Write($"{i:D2}.jpg", $"picture {i}");
        var dropped = await fixture.BeginAsync(fixture.Job(), drop.Token);
        await fixture.EnterAsync(dropped);
        var kept = await fixture.BeginAsync(fixture.Job());
        await fixture.EnterAsync(kept);

        await drop.CancelAsync();
        hold.Set();

        await dropped.Awaiting(d => d.FinishedAsync()).Should().ThrowAsync<OperationCanceledException>();
        (await kept.FinishedAsync()).Select(r => r.Error).Should().AllSatisfy(e => e.Should().BeNull()).And.HaveCount(20);
    }

    private sealed class OneAnswer(ItemRecord answer) : IResultCache
    {
        public Task<ItemRecord?> FindAsync(string work, CancellationToken cancellationToken = default) => Task.FromResult<ItemRecord?>(answer);

        public void Add(string dataKey, ReadOnlyMemory<byte> data)
        {
        }
    }
}
