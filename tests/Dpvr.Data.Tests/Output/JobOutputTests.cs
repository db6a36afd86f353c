using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Tests.Output;

public sealed class JobOutputTests
{
    [Fact]
    public async Task AssembleAsync_Always_WritesInputOrderAndPartsErrors()
    {
        using var job = await DoneJob.CreateAsync(12, false, "caption", "colour");

        var captions = job.Lines("captions.jsonl").Select(static l => JsonSerializer.Deserialize(l, DpvrJson.Line.ItemRecord)!).ToList();
        captions.Select(static r => $"{r.CustomId}/{r.Prompt}").Should().Equal(
            Enumerable.Range(0, 12).Where(static i => i != 3).SelectMany(static i => new[] { $"p{i}.png/caption", $"p{i}.png/colour" }));
        job.Lines("errors.jsonl").Should().HaveCount(2).And.AllSatisfy(static l => l.Should().Contain("\"code\":\"decode_error\""));
        job.Lines("captions.jsonl")[0].Should().StartWith("{\"custom_id\":\"p0.png\",\"prompt\":\"caption\",\"text\":\"caption of \\\"picture 0\\\" 猫 <b>\",\"tokens\":{\"prompt\":10,\"completion\":3},\"finish_reason\":\"stop\"");
    }

    [Fact]
    public async Task AssembleAsync_Again_GivesTheSameFiles()
    {
        using var job = await DoneJob.CreateAsync();
        var before = File.ReadAllBytes(job.PathOf("captions.jsonl"));

        await job.AssembleAsync();

        File.ReadAllBytes(job.PathOf("captions.jsonl")).Should().Equal(before);
        (await job.VerifyAsync()).Ok.Should().BeTrue();
    }

    [Fact]
    public async Task AssembleAsync_WithSidecars_WritesTextsAndRemovesThoseOfEarlierPictures()
    {
        using var job = await DoneJob.CreateAsync(5, true, "caption", "colour");
        File.ReadAllText(job.PathOf("p0.txt")).Should().Be("caption of \"picture 0\" 猫 <b>\n");
        File.ReadAllText(job.PathOf("p0.colour.txt")).Should().StartWith("colour of");
        File.Exists(job.PathOf("p3.txt")).Should().BeFalse("it failed");
        job.Output.File("mine.txt", "somebody else's");

        File.Delete(Path.Combine(job.Source.Path, "p0.png"));
        var next = JobIds.Next(job.Job);
        await job.Store.CreateSpecAsync(next, job.Spec);
        var plan = await new JobPlanner(job.Store).PlanAsync(next, job.Spec);
        plan.Images.Should().Be(4);
        await new Data.Output.JobOutput(job.Store, TimeProvider.System).AssembleAsync(next, JobStatus.Cancelled);

        File.Exists(job.PathOf("p0.txt")).Should().BeFalse();
        File.Exists(job.PathOf("p1.txt")).Should().BeFalse("no shard of the new generation is committed");
        File.Exists(job.PathOf("mine.txt")).Should().BeTrue();
    }

    [Fact]
    public async Task AssembleAsync_WhenTwoPicturesShareAStem_KeepsBothSidecars()
    {
        using var job = await DoneJob.CreateAsync(1, true);
        job.Source.File("p0.gif", "second");
        var next = JobIds.Next(job.Job);
        await job.Store.CreateSpecAsync(next, job.Spec);
        await new JobPlanner(job.Store).PlanAsync(next, job.Spec);
        job.Job = next;
        await job.CommitAsync(new ShardId(0));
        await job.AssembleAsync();

        File.ReadAllText(job.PathOf("p0.txt")).Should().Contain("second");
        File.ReadAllText(job.PathOf("p0.png.txt")).Should().Contain("picture 0");
    }

    [Fact]
    public async Task AssembleAsync_WhenADataFileIsDamaged_KeepsTheOldOutput()
    {
        using var job = await DoneJob.CreateAsync();
        var before = File.ReadAllBytes(job.PathOf("manifest.json"));
        File.AppendAllText(job.PathOf($".dpvr/jobs/{job.Job}/{JobLayout.DataName(new ShardId(2), 1)}"), "{}\n");

        await Assert.ThrowsAsync<BlobStoreException>(() => job.AssembleAsync());

        File.ReadAllBytes(job.PathOf("manifest.json")).Should().Equal(before);
    }
}
