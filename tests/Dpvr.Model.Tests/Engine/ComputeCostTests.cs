using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine;
using Dpvr.Model.Routing;

namespace Dpvr.Model.Tests.Engine;

public sealed class ComputeCostTests
{
    private static LlavaConfig Llava7B { get; } = new() { ImageTokenIndex = 32000, Text = new(), Vision = new() };

    [Fact]
    public void Decode_OfLlava7B_IsTwiceItsWeightsAndTheAttention()
    {
        const double layers = 32 * 202_375_168.0, head = 4096 * 32000.0, attention = 32 * 4 * 4096 * (576 + 41.0); // 202.4 M a layer, norms not counted
        ComputeCost.Decode(Llava7B, RoutingPlan.Dense(32), images: 1, textTokens: 40).Should().BeApproximately(2 * (layers + head) + attention, 1e-3 * 2 * layers);
    }

    [Fact]
    public void Prefill_OfLlava7B_DropsByTheTextOnlyLayersLessTheSideBranch()
    {
        double Of(RoutingPlan plan) => ComputeCost.Prefill(Llava7B, plan, images: 1, textTokens: 64);
        double dense = Of(RoutingPlan.Dense(32)), routed = Of(RoutingPlan.DpvrLf(32, 18)), withdrawn = Of(RoutingPlan.Withdraw(32, 18));
        // 13 of 31 whole layers without their 576 vision tokens of 640, and one more layer for the vision tokens
        (routed / dense).Should().BeApproximately(1 - (12.0 / 31 * 0.9), 0.01);
        withdrawn.Should().BeLessThan(routed);
        Of(RoutingPlan.DpvrLf(32, 31, 31)).Should().BeGreaterThan(dense, because: "the side branch comes on top");
    }

    [Fact]
    public void Prefill_OfATextPrompt_IsTheSameUnderEveryRouting() =>
        ComputeCost.Prefill(Llava7B, RoutingPlan.DpvrLf(32, 18), 0, 64).Should().Be(ComputeCost.Prefill(Llava7B, RoutingPlan.Dense(32), 0, 64));

    [Fact]
    public void Vision_OfClipLargeAt336_IsNear350Gigaflops() => ComputeCost.Vision(Llava7B).Should().BeInRange(330e9, 400e9);
}
