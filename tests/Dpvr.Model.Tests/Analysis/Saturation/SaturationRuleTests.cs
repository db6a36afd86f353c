using Dpvr.Model.Analysis.Saturation;

namespace Dpvr.Model.Tests.Analysis.Saturation;

public sealed class SaturationRuleTests
{
    [Fact]
    public void Suggest_ForACurveThatFallsAndStaysLow_GivesTheFirstFlatLayer()
    {
        // As published for LLaVA-1.5-7B: 0.68 at layer 0, 0.07 by layer 4, near 0.04 after layer 18; the last layer may rise again.
        double[] curve = [.. Enumerable.Range(0, 32).Select(l => l switch { 0 => 0.68, < 4 => 0.3, < 18 => 0.07, 31 => 0.2, _ => 0.04 + 0.004 * (l % 2) })];
        var suggestion = new SaturationRule().Suggest(curve)!;
        (suggestion.Layer, suggestion.LastTextOnly).Should().Be((18, 30));
        suggestion.Level.Should().BeApproximately(0.042, 0.001);
        new SaturationRule { Tolerance = 0.04 }.Suggest(curve)!.Layer.Should().Be(4);
    }

    [Fact]
    public void Suggest_AtTheToleranceExactly_IsFlat()
    {
        double[] curve = [1, 0.25, 0.75, 0.25, 0.75, 0];
        new SaturationRule { Tolerance = 0.25 }.Suggest(curve)!.Layer.Should().Be(1);
        new SaturationRule { Tolerance = 0.2499 }.Suggest(curve).Should().BeNull();
    }

    [Fact]
    public void Suggest_WhenFlatFromTheStart_BeginsAtLayerOne() =>
        new SaturationRule().Suggest([0.1, 0.1, 0.1, 0.1, 0.1]).Should().Be(new SaturationSuggestion(1, 3, new[] { 0.1, 0.1, 0.1 }.Average()));

    [Fact]
    public void Suggest_WhenTheCurveFallsToTheEnd_GivesNone() =>
        new SaturationRule().Suggest([.. Enumerable.Range(0, 32).Select(l => 0.9 - 0.028 * l)]).Should().BeNull();

    [Fact]
    public void Suggest_WhenOnlyAShortTailIsFlat_GivesNone()
    {
        double[] Curve(int flatFrom) => [.. Enumerable.Range(0, 16).Select(l => l < flatFrom ? 1 - 0.05 * l : 0.1)];
        SaturationRule.LeastLayers(16).Should().Be(4);
        new SaturationRule().Suggest(Curve(11))!.Layer.Should().Be(11); // 11…14
        new SaturationRule().Suggest(Curve(12)).Should().BeNull();
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Suggest_WithTooFewLayers_GivesNone(int layers) => new SaturationRule().Suggest(new double[layers]).Should().BeNull();
}
