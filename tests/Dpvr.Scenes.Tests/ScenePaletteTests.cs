namespace Dpvr.Scenes.Tests;

public sealed class ScenePaletteTests
{
    [Fact]
    public void StandsOut_OnPlainGray_HoldsForEveryColour() =>
        Enum.GetValues<Colour>().Should().OnlyContain(colour => ScenePalette.StandsOut(colour, BackgroundPattern.Plain, BackgroundColour.Gray));

    [Fact]
    public void Of_AnyTwoColours_AreFarApart()
    {
        var colours = Enum.GetValues<Colour>();
        foreach (var a in colours)
            foreach (var b in colours.Where(b => b > a))
                ScenePalette.Difference(ScenePalette.Of(a), ScenePalette.Of(b)).Should().BeGreaterThan(35, $"{a} and {b}");
    }

    [Fact]
    public void Difference_OfBlackAndWhite_IsOneHundred() =>
        ScenePalette.Difference((0, 0, 0), (255, 255, 255)).Should().BeApproximately(100, 0.1);
}
