using Dpvr.Dashboard.Jobs;

namespace Dpvr.Dashboard.Tests.Jobs;

public sealed class ThroughputCurveTests
{
    [Fact]
    public void Rates_WhenTenPicturesASecond_AreTen()
    {
        var samples = Enumerable.Range(0, 50).Select(s => new ProgressSample(DateTimeOffset.UnixEpoch.AddSeconds(s), s * 10)).ToList();
        ThroughputCurve.Rates(samples).Should().NotBeEmpty().And.OnlyContain(r => Math.Abs(r.Rate - 10) < 1e-9);
    }

    [Fact]
    public void Rates_WhenThereAreManySamples_AreAFewPoints() =>
        ThroughputCurve.Rates([.. Enumerable.Range(0, 600).Select(s => new ProgressSample(DateTimeOffset.UnixEpoch.AddSeconds(s), s))]).Count.Should().BeInRange(60, 120);

    [Fact]
    public void Path_WhenRatesAreThere_TouchesNeitherTopNorLeavesTheBox()
    {
        (DateTimeOffset, double)[] rates = [(DateTimeOffset.UnixEpoch, 3), (DateTimeOffset.UnixEpoch.AddSeconds(10), 4.2)];
        var (line, area, top) = ThroughputCurve.Path(rates, 100, 50);
        top.Should().Be(5);
        line.Should().Be("M0,20 L100,8");
        area.Should().EndWith("Z");
    }
}
