using Dpvr.TestKit.Processes;

namespace Dpvr.Monitoring.Tests.Traces;

public sealed class TraceTests
{
    [Fact]
    public async Task Caption_WithOtlp_SendsEachPicturesWayFromItsSourceToTheCommit()
    {
        Assert.SkipUnless(DpvrProcess.Missing is null, DpvrProcess.Missing ?? "");
        using var folder = new TempFolder();
        await using var collector = await Collector.StartAsync();
        Directory.CreateDirectory(folder.Of("pictures"));
        foreach (var scene in Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "scenes"), "*.png").Order(StringComparer.Ordinal).Take(2)) File.Copy(scene, folder.Of("pictures", Path.GetFileName(scene)));

        using var caption = DpvrProcess.Start("caption", folder.Of("pictures"), "--output", folder.Of("out"), "--threads", "1", "--otlp", collector.Address.ToString());
        var end = await caption.EndAsync();

        end.Code.Should().Be(0, end.Error);
        var shard = collector.Spans.Single(static s => s.Name == "shard");
        var images = collector.Spans.Where(static s => s.Name == "image").ToList();
        images.Should().HaveCount(2).And.OnlyContain(i => i.Parent == shard.Id && i.Trace == shard.Trace);
        foreach (var image in images) collector.Spans.Where(s => s.Parent == image.Id).Select(static s => s.Name).Should().BeEquivalentTo("fetch", "decode", "queue", "prefill", "generate");
        collector.Spans.Where(static s => s.Name == "commit").Should().ContainSingle().Which.Parent.Should().Be(shard.Id);
    }
}
