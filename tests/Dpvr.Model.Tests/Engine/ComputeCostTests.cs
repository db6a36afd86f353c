using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine;
using Dpvr.Model.Routing;
using static TorchSharp.torch;

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

    // Small enough to count on paper: 4 vision tokens an image, 3 text tokens.
    private static LlavaConfig Small { get; } = new()
    {
        ImageTokenIndex = 9,
        Text = new() { HiddenSize = 4, IntermediateSize = 8, Layers = 3, Heads = 2, KeyValueHeads = 1, HeadDim = 2, VocabularySize = 10 },
        Vision = new() { HiddenSize = 6, IntermediateSize = 12, Layers = 2, Heads = 2, ImageSize = 4, PatchSize = 2 },
    };

    // Multiply-adds of a decoder layer over n tokens: q and o 4·4 each, k and v 4·2 each, MLP 3·4·8 = 144 a token; attention 2·4 a pair.
    private const double Three = 2 * ((3 * 144) + (9 * 8)), Four = 2 * ((4 * 144) + (16 * 8)), Seven = 2 * ((7 * 144) + (49 * 8)), Head = 2 * 4 * 10;

    // The last layer: k and v (16) of every token; q, o, MLP (128) of one, which attends to all (8 each).
    private const double LastThree = 2 * ((3 * 16) + 128 + (3 * 8)), LastSeven = 2 * ((7 * 16) + 128 + (7 * 8));

    [Fact]
    public void Vision_OfASmallTower_IsWhatCountingByHandGives()
    {
        // 4 patches of 3·2·2 values to 6; one layer (of two, the last is not read) over 5 tokens: 4·36 + 2·5·6 + 2·6·12 = 348 a token; projector
        ComputeCost.Vision(Small).Should().Be((2 * ((4 * 12 * 6) + (5 * 348))) + (2 * 4 * ((6 * 4) + (4 * 4))));
    }

    [Fact]
    public void Prefill_OfASmallModel_IsWhatCountingByHandGives()
    {
        double Of(RoutingPlan plan, int images = 1) => ComputeCost.Prefill(Small, plan, images, textTokens: 3);
        Of(RoutingPlan.Dense(3)).Should().Be(Seven + Seven + LastSeven + Head);
        Of(RoutingPlan.DpvrLf(3, 1)).Should().Be(Seven + Three + LastSeven + Four + Head);
        Of(RoutingPlan.Withdraw(3, 1)).Should().Be(Seven + Three + LastThree + Head);
        Of(RoutingPlan.Dense(3), images: 0).Should().Be(Three + Three + LastThree + Head);
    }

    [Fact]
    public void DpvrLf_OfLlava7B_SavesAboutAThirdOfThePrefillAnd41PercentOfAnImagesKeysAndValues()
    {
        RoutingPlan dense = RoutingPlan.Dense(32), routed = RoutingPlan.DpvrLf(32, 18);
        long Bytes(RoutingPlan plan) => KeyValuePlan.Of(Llava7B, plan, ScalarType.BFloat16, maxImages: 1, maxTextTokens: 0).BytesPerSlot;
        Bytes(dense).Should().Be(576L * 32 * 2 * 4096 * 2);
        (1 - ((double)Bytes(routed) / Bytes(dense))).Should().BeApproximately(13 / 32.0, 1e-12).And.BeApproximately(0.41, 0.005);

        double Flops(RoutingPlan plan) => ComputeCost.Vision(Llava7B) + ComputeCost.Prefill(Llava7B, plan, images: 1, textTokens: 40);
        (1 - (Flops(routed) / Flops(dense))).Should().BeInRange(0.31, 0.36);
    }
}
