using Dpvr.Cli.Progress;
using Dpvr.Contracts.Jobs;
using Dpvr.Workers.Waits;

namespace Dpvr.Cli.Tests.Progress;

public sealed class RateMeterTests
{
    private readonly SteppedTime _time = new();

    [Fact]
    public void Add_AtASteadySpeed_GivesRatesAndTheRest()
    {
        var meter = new RateMeter(_time);
        var rates = RunRates.None;
        for (var second = 0; second <= 10; second++)
        {
            rates = meter.Add(Snapshot(done: 5 * second, tokens: 40 * second, waited: TimeSpan.FromSeconds(0.25 * second)));
            _time.Step(TimeSpan.FromSeconds(1));
        }

        rates.ImagesPerSecond.Should().BeApproximately(5, 1e-9);
        rates.TokensPerSecond.Should().BeApproximately(40, 1e-9);
        rates.Remaining.Should().BeCloseTo(TimeSpan.FromSeconds(50 / 5.0), TimeSpan.FromMilliseconds(1));
        rates.WaitShares[WaitCause.Decode].Should().BeApproximately(0.25, 1e-9);
    }

    [Fact]
    public void Add_BeforeTheEngineIsReady_DoesNotCountAsSlow()
    {
        var meter = new RateMeter(_time);
        for (var second = 0; second < 15; second++)
        {
            meter.Add(Snapshot(0, 0, TimeSpan.Zero) with { EngineReady = false });
            _time.Step(TimeSpan.FromSeconds(1));
        }
        var rates = meter.Add(Snapshot(10, 0, TimeSpan.Zero));

        rates.ImagesPerSecond.Should().BeApproximately(10, 1e-9);
    }

    [Fact]
    public void Add_WhenNothingMoves_SaysNoEnd()
    {
        var meter = new RateMeter(_time);
        meter.Add(Snapshot(0, 0, TimeSpan.Zero));
        _time.Step(TimeSpan.FromSeconds(1));

        meter.Add(Snapshot(0, 0, TimeSpan.Zero)).Remaining.Should().BeNull();
    }

    private static RunSnapshot Snapshot(long done, long tokens, TimeSpan waited) => new()
    {
        Job = new JobProgress { Job = new JobId("test"), Images = 100, ImagesDone = done },
        Tokens = tokens,
        EngineReady = true,
        Waits = new Dictionary<WaitCause, TimeSpan> { [WaitCause.Decode] = waited },
    };

    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Step(TimeSpan time) => _ticks += time.Ticks;
    }
}
