using Bunit;
using Dpvr.Dashboard.Jobs;

namespace Dpvr.Dashboard.Tests.Jobs;

public sealed class ThroughputChartTests : BunitContext
{
    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public void Render_BeforeThereIsALine_SaysSo(int samples)
    {
        var chart = Chart(samples, 10);

        chart.FindAll("svg").Should().BeEmpty();
        chart.Find("p").TextContent.Should().Be("Drawn when there is something to draw.");
    }

    [Fact]
    public void Render_OfASteadyRate_DrawsALineBelowItsRoundTop()
    {
        var chart = Chart(30, 12);

        chart.Find("svg").GetAttribute("aria-label").Should().Be("Pictures a second, now 12.0/s");
        chart.Find(".chart-top").TextContent.Should().Be("20.0/s");
        chart.Find("figcaption").TextContent.Should().Contain("00:00:01 – 00:00:29 UTC").And.EndWith("now 12.0/s");
        var line = chart.Find("path.chart-line").GetAttribute("d")!;
        line.Should().StartWith("M0,60 ").And.EndWith(" L600,60", "12 of 20 from below, in a box of 150");
        chart.Find("path.chart-area").GetAttribute("d").Should().StartWith(line).And.EndWith("Z");
    }

    [Fact]
    public void Render_WhenNothingWasDone_DrawsTheFoot() => Chart(10, 0).Find("path.chart-line").GetAttribute("d").Should().StartWith("M0,150").And.EndWith("L600,150");

    [Fact]
    public void Render_OfAJobThatWasOverBefore_SaysItsRateOverAll() =>
        Render<ThroughputChart>(p => p.Add(c => c.Samples, []).Add(c => c.Overall, 4.75)).Find("p").TextContent.Should().Be("This server looked when it was over: 4.8/s from its submission to its end.");

    private IRenderedComponent<ThroughputChart> Chart(int samples, long perSecond) =>
        Render<ThroughputChart>(p => p.Add(c => c.Samples, [.. Enumerable.Range(0, samples).Select(s => new ProgressSample(DateTimeOffset.UnixEpoch.AddSeconds(s), s * perSecond))]));
}
