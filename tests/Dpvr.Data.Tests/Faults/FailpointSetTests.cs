using Dpvr.Data.Blobs;
using Dpvr.Data.Faults;

namespace Dpvr.Data.Tests.Faults;

public sealed class FailpointSetTests
{
    [Fact]
    public async Task HitAsync_WithANumber_FailsThatTimeAlone()
    {
        var set = FailpointSet.Parse("after-done=throw:output_full@2; before-end=throw:internal");

        await HitAsync(set, Failpoints.AfterDone);
        (await Assert.ThrowsAsync<BlobStoreException>(() => HitAsync(set, Failpoints.AfterDone))).Code.Should().Be("output_full");
        await HitAsync(set, Failpoints.AfterDone);
        for (var i = 0; i < 2; i++) await Assert.ThrowsAsync<BlobStoreException>(() => HitAsync(set, Failpoints.BeforeEnd));
        await HitAsync(set, Failpoints.AfterLease);
    }

    [Fact]
    public async Task HitAsync_WithADelay_Waits()
    {
        var set = FailpointSet.Parse("before-report=delay:60000");
        using var stop = new CancellationTokenSource();
        var hit = set.HitAsync(Failpoints.BeforeReport, TimeProvider.System, stop.Token).AsTask();

        hit.IsCompleted.Should().BeFalse();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hit);
    }

    [Theory]
    [InlineData("after-lunch=kill", "after-lunch")]
    [InlineData("after-lease=explode", "explode")]
    [InlineData("after-lease=kill@0", "kill@0")]
    [InlineData("after-lease=delay:soon", "delay:soon")]
    [InlineData("after-lease=throw:", "throw:")]
    [InlineData("after-lease", "after-lease")]
    public void Parse_OfWhatWouldNeverHappen_IsRefusedByName(string text, string named) =>
        Assert.Throws<FormatException>(() => FailpointSet.Parse(text)).Message.Should().Contain(named);

    [Fact]
    public void Names_Always_AreThePlacesInTheCode()
    {
        var root = Repository.Root;
        var code = string.Concat(new[] { "Data", "Silo", "Workers" }.SelectMany(p => Directory.EnumerateFiles(Path.Combine(root, "src", p), "*.cs", SearchOption.AllDirectories)).Select(File.ReadAllText));
        foreach (var name in typeof(Failpoints).GetFields().Where(static f => f.IsLiteral)) code.Should().Contain($"HitAsync(Failpoints.{name.Name}");
        typeof(Failpoints).GetFields().Where(static f => f.IsLiteral).Select(static f => (string)f.GetRawConstantValue()!).Should().BeEquivalentTo(Failpoints.Names);
    }

    private static Task HitAsync(FailpointSet set, string name) => set.HitAsync(name, TimeProvider.System, default).AsTask();
}
