using Bunit;
using Dpvr.Contracts.Workers;
using Dpvr.Dashboard.Workers;

namespace Dpvr.Dashboard.Tests.Workers;

public sealed class WorkerCardTests : BunitContext
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private static WorkerReport Report { get; } = new()
    {
        Name = "gpu-1", Since = Start, At = Start.AddSeconds(100), Device = "cuda:0", Dtype = "bfloat16", Model = "llava", Routing = "dpvr-lf",
        Slots = 32, Running = 24, Waiting = 40, Images = 900, Tokens = 40_000, Shards = 2, ImagesInHand = 12,
        Busy = new Dictionary<string, double> { ["vision"] = 10, ["prefill"] = 20, ["decode"] = 40 },
        Waits = new Dictionary<string, double> { ["queue"] = 4, ["fetch"] = 6, ["decode"] = 8, ["write"] = 2 },
        WeightBytes = 14L << 30, WeightBytesMeasured = 14L << 30, KeyValueBytes = 8L << 30, KeyValueBytesMeasured = 8L << 30, KeyValueBytesUsed = 6L << 30,
        PassBytes = 1L << 30, FreeBytes = 1L << 30, FreeBytesMeasured = 2L << 30, ProcessBytes = 3L << 30,
    };

    [Fact]
    public void Render_OfAFullReport_ShowsTheBatchAsAMeter()
    {
        var meter = Card(Report).Find("[role=meter]");

        meter.GetAttribute("aria-valuenow").Should().Be("24");
        meter.GetAttribute("aria-valuemax").Should().Be("32");
        meter.QuerySelector("span")!.GetAttribute("style").Should().Contain("width:75%");
        Card(Report).Markup.Should().Contain("24 of 32 sequences, 40 requests wait for a slot");
    }

    [Fact]
    public void Render_OfAFullReport_SaysWhereEachSecondWent()
    {
        var split = Card(Report).Find("[role=img]").GetAttribute("aria-label");

        split.Should().Contain("vision 10 %").And.Contain("prefill 20 %").And.Contain("decode 40 %").And.Contain("waited for work 4 %").And.Contain("for bytes of pictures 6 %")
            .And.Contain("for decoded pictures 8 %").And.Contain("for writing 2 %").And.Contain("other 10 %", "what nobody counted is shown, too");
    }

    [Fact]
    public void Render_WithAnEarlierReport_ShowsWhatItDidSinceThen()
    {
        var earlier = Report with { At = Start.AddSeconds(90), Busy = new Dictionary<string, double> { ["vision"] = 9, ["prefill"] = 16, ["decode"] = 35 }, Waits = Report.Waits };

        var card = Card(Report, earlier);

        card.FindAll("h3").Select(static h => h.TextContent).Should().Contain("Where the engine's time went, last 10 s");
        card.FindAll("[role=img]")[0].GetAttribute("aria-label").Should().Contain("vision 10 %").And.Contain("prefill 40 %").And.Contain("decode 50 %").And.Contain("for decoded pictures 0 %");
    }

    [Fact]
    public void Render_OfAFullReport_HoldsThePlanAgainstWhatIs()
    {
        var rows = Card(Report).FindAll("table[aria-label=Memory] tbody tr").Select(static r => r.Children.Select(static c => c.TextContent.Trim()).ToArray()).ToList();

        rows.Select(static r => (r[1], r[2])).Should().Equal(("14 GiB", "14 GiB"), ("8 GiB", "8 GiB"), ("1 GiB", "–"), ("1 GiB", "2 GiB"));
        rows[1][0].Should().Contain("75 % in use");
        Card(Report).FindAll(".memory .split").Should().HaveCount(2);
    }

    [Fact]
    public void Render_WhenThePlanWasWrong_MarksIt() =>
        Card(Report with { KeyValueBytesMeasured = 9L << 30 }).Find("td.bad").TextContent.Should().Be("9 GiB");

    [Fact]
    public void Render_WhereFreeMemoryCannotBeRead_SaysNothingOfIt() =>
        Card(Report with { FreeBytes = null, FreeBytesMeasured = null }).FindAll("tbody tr")[3].Children.Skip(1).Select(static c => c.TextContent).Should().Equal("–", "–");

    [Theory]
    [InlineData(24, 2, null, null, 1, "run", "computing"), InlineData(0, 2, "decode", null, 1, "warn", "waiting for decoded pictures"), InlineData(0, 2, "fetch", null, 1, "warn", "waiting for bytes of pictures")]
    [InlineData(0, 0, "queue", null, 1, "idle", "idle"), InlineData(24, 2, null, "The store does not answer.", 1, "bad", "trouble"), InlineData(24, 2, null, null, 13, "warn", "silent 13 s")]
    public void Render_ByState_SaysIt(int running, int shards, string? waitsFor, string? trouble, int age, string tone, string text)
    {
        var chip = Card(Report with { Running = running, Shards = shards, WaitsFor = waitsFor, Trouble = trouble }, age: age).Find(".chip");

        chip.ClassList.Should().Contain(tone);
        chip.TextContent.Should().Be(text);
    }

    [Fact]
    public void Render_WithoutAnEngine_ShowsNoPartsOfOne()
    {
        var card = Card(new WorkerReport { Name = "new", Since = Start, At = Start.AddSeconds(1) });

        card.Markup.Should().Contain("no engine yet").And.NotContain("Batch");
        card.FindAll("table, [role=meter]").Should().BeEmpty();
    }

    private IRenderedComponent<WorkerCard> Card(WorkerReport report, WorkerReport? earlier = null, int age = 1) =>
        Render<WorkerCard>(p => p.Add(c => c.Worker, new WorkerRow(report, 9, TimeSpan.FromSeconds(age), earlier)));
}
