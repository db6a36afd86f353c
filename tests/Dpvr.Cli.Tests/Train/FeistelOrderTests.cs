using Dpvr.Cli.Train;

namespace Dpvr.Cli.Tests.Train;

public sealed class FeistelOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(37)]
    [InlineData(1000)]
    public void At_OverAllPlaces_GivesEachOnce(int count)
    {
        var order = new FeistelOrder(count, key: 5);

        Enumerable.Range(0, count).Select(i => order.At(i)).Order().Should().Equal(Enumerable.Range(0, count));
    }

    [Fact]
    public void At_WithAnotherKey_GivesAnotherOrder() =>
        Order(1).Should().NotEqual(Order(2)).And.NotEqual(Enumerable.Range(0, 100));

    private static IEnumerable<int> Order(ulong key) => Enumerable.Range(0, 100).Select(i => new FeistelOrder(100, key).At(i));
}
