using Dpvr.Contracts.Shards;
using Dpvr.Silo.Hosting;
using Dpvr.Silo.Ranges;

namespace Dpvr.Silo.Tests.Ranges;

public sealed class SplitPolicyTests
{
    private static readonly DpvrSiloOptions s_options = new();

    [Theory]
    [InlineData(256, 0, 0, 0, 3, 0)]
    [InlineData(256, 0, 1, 0, 3, 0)]
    [InlineData(256, 0, 2, 0, 3, 1)]
    [InlineData(256, 0, 2, 0, 5, 16)]
    [InlineData(16, 2, 1, 0, 5, 1)]
    [InlineData(16, 2, 2, 0, 4, -1)]
    [InlineData(1, 2, 1, 0, 3, -1)]
    [InlineData(1, 0, 2, 0, 3, 0)]
    [InlineData(256, 0, 0, 2, 3, 0)]
    [InlineData(256, 0, 0, 3, 3, 16)]
    [InlineData(1, 0, 0, 7, 3, 0)]
    [InlineData(1, 0, 0, 8, 3, -1)]
    [InlineData(256, 0, 1, 0, 1, -1)]
    public void Decide_Always_BoundsAttempts(int items, int before, int failures, int interruptions, int maximum, int expected)
    {
        var shard = before > 0 ? new ShardId(0).Part(0, items) : new ShardId(0);
        var entry = new ShardEntry { Shard = shard, Items = items, FailuresBefore = before, Failures = failures, Interruptions = interruptions };

        SplitPolicy.Decide(entry, maximum, s_options).Should().Be(expected);
    }
}
