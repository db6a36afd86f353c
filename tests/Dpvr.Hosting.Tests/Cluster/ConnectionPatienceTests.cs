using Dpvr.Hosting.Cluster;

namespace Dpvr.Hosting.Tests.Cluster;

public sealed class ConnectionPatienceTests
{
    [Fact]
    public async Task AgainAsync_WhenPatienceIsInfinite_IsAlwaysTrue() =>
        (await new ConnectionPatience(Timeout.InfiniteTimeSpan, new SkippingTime()).AgainAsync(new TimeoutException(), CancellationToken.None)).Should().BeTrue();

    [Fact]
    public async Task AgainAsync_WhenPatienceEnds_IsFalse()
    {
        var patience = new ConnectionPatience(TimeSpan.FromSeconds(3), new SkippingTime());
        var tries = 0;
        while (await patience.AgainAsync(new TimeoutException(), CancellationToken.None)) tries++;
        tries.Should().Be(3);
    }

    /// <summary>Every wait is over at once, and its time has passed.</summary>
    private sealed class SkippingTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero) _now += dueTime.Ticks;
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
