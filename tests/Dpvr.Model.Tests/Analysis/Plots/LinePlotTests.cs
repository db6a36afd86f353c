using Dpvr.Model.Analysis.Plots;
using Dpvr.Model.Pictures;

namespace Dpvr.Model.Tests.Analysis.Plots;

public sealed class LinePlotTests
{
    private static readonly (byte, byte, byte) Blue = (0x00, 0x72, 0xB2), Vermilion = (0xD5, 0x5E, 0x00);

    [Fact]
    public void ToPng_Always_HasTheSizeAskedForAndAWhiteCorner()
    {
        var picture = Decode(Plot().ToPng());
        (picture.Width, picture.Height).Should().Be((1000, 600));
        Pixel(picture, 2, 2).Should().Be((255, 255, 255));
        var small = Decode(new LinePlot("t", "x", "y") { Width = 320, Height = 200 }.Add("a", [0, 1], [0, 1]).ToPng());
        (small.Width, small.Height).Should().Be((320, 200));
    }

    [Fact]
    public void ToPng_WithTexts_DrawsEachInItsPlaceWithTheGlyphsOfItsLetters()
    {
        var plain = Decode(Plot().ToPng());
        Ink(plain, 60, 10, 500, 50).Should().BeGreaterThan(200, "the title is there");
        Ink(plain, 300, 575, 700, 598).Should().BeGreaterThan(100, "so is the x axis's name");
        Ink(plain, 5, 150, 28, 450).Should().BeGreaterThan(100, "and the y axis's, upwards");
        // A font without letters draws the same box for each of them.
        var narrow = Ink(Decode(Plot("iiiiiiiiii").ToPng()), 60, 10, 500, 50);
        var wide = Ink(Decode(Plot("WWWWWWWWWW").ToPng()), 60, 10, 500, 50);
        wide.Should().BeGreaterThan(2 * narrow);
    }

    [Fact]
    public void ToPng_WithALine_DrawsItWhereItsValuesAre()
    {
        var png = Decode(new LinePlot("t", "x", "y").Add("flat", [0, 10], [5, 5]).Add("low", [0, 10], [10, 0]).ToPng());
        Column(png, 500, Blue).Should().ContainSingle("a flat line crosses a column once").Which.Should().BeCloseTo((58 + 534) / 2, 3);
        Column(png, 250, Vermilion).Should().ContainSingle().Which.Should().BeLessThan(Column(png, 800, Vermilion).Single());
    }

    [Fact]
    public void ToPng_WithAGap_LeavesItOpen()
    {
        double[] x = [.. Enumerable.Range(0, 101).Select(i => (double)i)];
        double[] y = [.. x.Select(v => v is > 40 and < 60 ? double.NaN : 5)];
        var png = Decode(new LinePlot("t", "x", "y").Add("a", x, y).ToPng());
        Column(png, 300, Blue).Should().ContainSingle();
        Column(png, 525, Blue).Should().BeEmpty();
    }

    [Fact]
    public void ToPng_WithNothingToShow_StillDrawsAxes()
    {
        foreach (var plot in (LinePlot[])[new("t", "x", "y"), new LinePlot("t", "x", "y").Add("none", [], []), new LinePlot("t", "x", "y").Add("nan", [1], [double.NaN]), new LinePlot("t", "x", "y").Add("one", [3], [0])])
            Ink(Decode(plot.ToPng()), 0, 0, 1000, 600).Should().BePositive();
    }

    [Fact]
    public void Add_WhenPlacesAndValuesDiffer_Refuses()
    {
        var plot = new LinePlot("t", "x", "y");
        plot.Invoking(p => p.Add("a", [1, 2], [1])).Should().Throw<ArgumentException>().WithMessage("*'a' has 2 places and 1 values*");
        plot.Invoking(p => p.Add("a", [double.NaN], [1])).Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData(0, 31, "0 5 10 15 20 25 30")]
    [InlineData(0, 0.68, "0.0 0.1 0.2 0.3 0.4 0.5 0.6")]
    [InlineData(-3, 4, "-3 -2 -1 0 1 2 3 4")]
    [InlineData(0, 30000, "0 5,000 10,000 15,000 20,000 25,000 30,000")]
    [InlineData(0, 2e7, "0 5e6 1e7 1.5e7 2e7")]
    public void Ticks_Always_AreRoundNumbers(double low, double high, string labels)
    {
        var axis = PlotAxis.Of([low, high], 7, fromZero: false, round: false);
        string.Join(' ', axis.Ticks.Select(axis.Label)).Should().Be(labels.Replace("0.0 ", "0 ", StringComparison.Ordinal));
    }

    private static LinePlot Plot(string title = "Where text looks at the picture") =>
        new LinePlot(title, "decoder layer", "attention mass").Add("all", [0, 1, 2, 3, 4], [0.68, 0.3, 0.1, 0.05, 0.04]);

    private static DecodedPicture Decode(byte[] png) => PictureDecoder.Decode(png).Should().BeOfType<DecodedPicture>().Subject;

    private static (byte, byte, byte) Pixel(DecodedPicture p, int x, int y) => (p.Rgb[(y * p.Width + x) * 3], p.Rgb[(y * p.Width + x) * 3 + 1], p.Rgb[(y * p.Width + x) * 3 + 2]);

    /// <summary>Dark pixels of a rectangle.</summary>
    private static int Ink(DecodedPicture p, int left, int top, int right, int bottom) =>
        (from y in Enumerable.Range(top, bottom - top) from x in Enumerable.Range(left, right - left) where Pixel(p, x, y) is var (r, g, b) && r + g + b < 420 select 1).Count();

    /// <summary>Rows (their middle) at which a column shows a run of a colour inside the plot's frame.</summary>
    private static IReadOnlyList<int> Column(DecodedPicture p, int x, (byte, byte, byte) colour)
    {
        int[] rows = [.. Enumerable.Range(56, 480).Where(y => Pixel(p, x, y) == colour)];
        return [.. rows.Select((y, i) => (y, Run: y - i)).GroupBy(r => r.Run).Select(g => (int)g.Average(r => r.y))];
    }
}
