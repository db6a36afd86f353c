using Dpvr.Cli.Eval;

namespace Dpvr.Cli.Tests.Eval;

public sealed class ProportionTests
{
    // 81 of 263, 15 of 148, 0 of 20 and 1 of 29: the examples of Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    [InlineData(20, 20, 0.8389, 1.0000)]
    public void LowAndHigh_Always_AreWilsons(int right, int count, double low, double high)
    {
        var proportion = new Proportion(right, count);
        proportion.Share.Should().Be((double)right / count);
        proportion.Low.Should().BeApproximately(low, 5e-5);
        proportion.High.Should().BeApproximately(high, 5e-5);
    }

    [Fact]
    public void OfNothing_Always_SaysNothing()
    {
        var none = default(Proportion);
        (none.Share, none.Low, none.High).Should().Be((double.NaN, 0, 1));
        Proportion.Of([]).Should().Be(none);
        Proportion.Of([true, false, true]).Should().Be(new Proportion(2, 3));
    }
}
