using Dpvr.Model.Engine;
using Dpvr.Model.Tests.Engine;
using Dpvr.Model.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Vision;

public sealed class VisualTokensTests
{
    [Fact]
    public void Keep_OfTwoImages_TakesEachOnesMostLookedAtInTheirOrder()
    {
        using var scope = NewDisposeScope();
        var features = tensor(Enumerable.Range(0, 16).Select(i => (float)i).ToArray()).view(2, 4, 2);
        var looks = tensor((float[])[0.1f, 0.5f, 0.3f, 0.1f, 0.4f, 0.1f, 0.2f, 0.3f]).view(2, 4);
        var kept = VisualTokens.Keep(features, looks, 2);
        kept.shape.Should().Equal(2, 2, 2);
        kept.data<float>().ToArray().Should().Equal(2, 3, 4, 5, 8, 9, 14, 15);
    }

    [Theory, InlineData("dense"), InlineData("withdraw"), InlineData("dpvr-lf")]
    public void Step_WithFewerVisionTokens_ReadsThoseOfTheWholeImageThatItKeeps(string routing)
    {
        using var scope = NewDisposeScope();
        using var whole = TinyModel.Create(routing);
        using var cut = TinyModel.Create(routing, visualTokens: 2);
        var pixels = TinyModel.Image(3).Pixels(8, PixelScale.Clip, CPU);
        Tensor all = whole.EncodeImages(pixels), kept = cut.EncodeImages(pixels);
        kept.shape.Should().Equal(1, 2, all.shape[2]);
        int[] places = [.. Enumerable.Range(0, 2).Select(k => Enumerable.Range(0, 4).Single(p => (all[0, p] - kept[0, k]).abs().max().ToDouble() < 1e-4))];
        places.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();

        var result = TinyModel.Run(cut, new() { Slots = 2 }, TinyModel.Request(3, 1)).Single();
        result.Error.Should().BeNull();
        result.PromptTokens.Should().Be(TinyModel.Request(3, 1).Prompt.Count - 1 + 2);
        KeyValuePlan.Of(cut.Config, cut.Plan, ScalarType.Float32, 1, 8).BytesPerPrefix.Should().Be(KeyValuePlan.Of(whole.Config, whole.Plan, ScalarType.Float32, 1, 8).BytesPerPrefix / 2);
    }

    [Fact]
    public void Step_KeepingAllVisionTokens_IsTheWholeModel()
    {
        using var whole = TinyModel.Create("dpvr-lf");
        using var kept = TinyModel.Create("dpvr-lf", visualTokens: 4);
        TinyModel.Run(kept, new(), TinyModel.Request(1, 1)).Single().LogProbs.Should().Equal(TinyModel.Run(whole, new(), TinyModel.Request(1, 1)).Single().LogProbs);
    }

    [Theory, InlineData(0), InlineData(-1), InlineData(5)]
    public void Keeping_OfANumberThatTheTowerDoesNotMake_SaysWhatIsAllowed(int count) =>
        TinyModel.Config.Invoking(c => c.Keeping(count)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*allowed are 1 to 4*");

    [Fact]
    public void Keeping_WithTheClassTokenAmongTheFeatures_IsRefused() =>
        (TinyModel.Config with { VisionFeatureSelectStrategy = "full" }).Invoking(c => c.Keeping(2)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*class token*");
}
