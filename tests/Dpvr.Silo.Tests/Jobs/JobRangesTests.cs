using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Silo.Jobs;

namespace Dpvr.Silo.Tests.Jobs;

public sealed class JobRangesTests
{
    [Fact]
    public void Take_OfANewerAnswer_ReplacesWhatItSaidBefore()
    {
        var ranges = new JobRanges(2);
        ranges.Take(Answer(0, pending: 3, done: 1, sequence: 1));
        ranges.Take(Answer(1, pending: 0, done: 4, sequence: 1));
        ranges.Take(Answer(0, pending: 2, done: 2, sequence: 2));

        ranges.Sum.Should().BeEquivalentTo(new { Shards = 8, ShardsDone = 6, Pending = 2, ImagesDone = 6L, Requests = new Counts { Succeeded = 6 } }, o => o.ExcludingMissingMembers());
        ranges.AreComplete.Should().BeFalse();
    }

    [Fact]
    public void Take_OfAnAnswerThatWasOvertaken_IsIgnored()
    {
        var ranges = new JobRanges(1);
        ranges.Take(Answer(0, pending: 0, done: 4, sequence: 5));
        ranges.Take(Answer(0, pending: 1, done: 3, sequence: 4));

        (ranges.AreComplete, ranges.Sum.ShardsDone).Should().Be((true, 4));
        ranges.Take(Answer(0, pending: 4, done: 0, sequence: 1, activation: 2));
        ranges.Sum.ShardsDone.Should().Be(0, "another activation counts from 1 again");
    }

    [Fact]
    public void Choose_WhileOneRangeIsFree_OpensNoOther()
    {
        var ranges = new JobRanges(3);
        var first = ranges.Choose();
        ranges.Called(first);

        ranges.Choose().Should().Be(first);
    }

    [Fact]
    public void Choose_UnderManyCalls_SpreadsThemOverRanges()
    {
        var ranges = new JobRanges(3);

        var chosen = Enumerable.Range(0, 12).Select(_ => ranges.Choose()).ToList();

        chosen.GroupBy(static r => r).Select(static g => g.Count()).Should().Equal(4, 4, 4);
    }

    [Fact]
    public void Choose_WhenNothingIsPending_SaysSo()
    {
        var ranges = new JobRanges(1);
        ranges.Called(ranges.Choose());
        ranges.Take(Answer(0, pending: 0, done: 3, sequence: 1, leased: 1));

        (ranges.Choose(), ranges.IsTail).Should().Be((-1, true));
        ranges.Leased.Should().Equal(0);
    }

    private static RangeProgress Answer(int range, int pending, int done, long sequence, int leased = 0, long activation = 1) => new()
    {
        Range = range,
        Shards = 4,
        ShardsDone = done,
        Pending = pending,
        Leased = leased,
        ImagesDone = done,
        Requests = new Counts { Succeeded = done },
        Activation = activation,
        Sequence = sequence,
    };
}
