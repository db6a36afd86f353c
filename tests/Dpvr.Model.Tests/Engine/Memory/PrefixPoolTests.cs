using Dpvr.Model.Engine;

namespace Dpvr.Model.Tests.Engine;

public sealed class PrefixPoolTests
{
    [Fact]
    public void Take_OfAKnownKey_GivesTheSameEntryToAllItsReaders()
    {
        var pool = new PrefixPool(2);
        pool.Take("a").Should().Be((0, true));
        pool.Take("a").Should().Be((0, false));
        pool.Take("b").Should().Be((1, true));
        pool.HasRoomFor("c").Should().BeFalse("both are being read");
        pool.Leave("a");
        pool.HasRoomFor("c").Should().BeFalse("one of two readers is left");
        pool.Leave("a");
        pool.HasRoomFor("c").Should().BeTrue();
        pool.Read.Should().Be(1);
        pool.Take("a").Should().Be((0, false), "it is kept until its place is needed");
    }

    [Fact]
    public void Take_WhenAllPlacesAreTaken_GivesAwayWhatNobodyReadForLongest()
    {
        var pool = new PrefixPool(2);
        foreach (var key in (string[])["a", "b"]) pool.Take(key);
        pool.Leave("b");
        pool.Leave("a");
        pool.Take("c").Should().Be((1, true));
        pool.Holds("b").Should().BeFalse();
        pool.Holds("a").Should().BeTrue();
        pool.Take("d").Should().Be((0, true));
        pool.Invoking(p => p.Take("e")).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Forget_OfWhatNobodyReads_FreesItsPlace()
    {
        var pool = new PrefixPool(1);
        pool.Take("a");
        pool.Forget("a");
        pool.Holds("a").Should().BeTrue("somebody reads it");
        pool.Leave("a");
        pool.Forget("a");
        pool.Holds("a").Should().BeFalse();
        pool.Take("b").Should().Be((0, true));
        pool.Leave("b");
        pool.Invoking(p => p.Leave("b")).Should().Throw<InvalidOperationException>();
    }
}
