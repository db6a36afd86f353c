using Dpvr.Workers.Waits;

namespace Dpvr.Workers.Tests.Waits;

public sealed class PipelineGaugeTests
{
    private readonly PipelineGauge _gauge = new();

    [Fact]
    public void Cause_WhenNothingIsInHand_IsTheQueue() => _gauge.Cause.Should().Be(WaitCause.Queue);

    [Fact]
    public void Cause_WithWorkInSeveralStages_IsTheOneNearestToTheEngine()
    {
        _gauge.Writing(+1);
        _gauge.Cause.Should().Be(WaitCause.Write);
        _gauge.Fetching(+2);
        _gauge.Cause.Should().Be(WaitCause.Fetch);
        _gauge.Decoding(+1);
        _gauge.Cause.Should().Be(WaitCause.Decode);
        _gauge.Decoding(-1);
        _gauge.Fetching(-2);
        _gauge.Cause.Should().Be(WaitCause.Write);
    }

    [Fact]
    public void Waited_AddsUpByCause()
    {
        _gauge.AddWait(WaitCause.Fetch, TimeSpan.FromSeconds(1));
        _gauge.AddWait(WaitCause.Fetch, TimeSpan.FromSeconds(2));
        _gauge.AddWait(WaitCause.Write, TimeSpan.FromSeconds(4));

        (_gauge.Waited(WaitCause.Fetch), _gauge.Waited(WaitCause.Write), _gauge.Waited(WaitCause.Queue))
            .Should().Be((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4), TimeSpan.Zero));
    }
}
