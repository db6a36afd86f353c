using System.Security.Cryptography;

namespace Dpvr.Scenes.Tests;

public sealed class SceneRendererTests
{
    [Theory]
    [InlineData(112, "a11421af280e8fe8e70d57d21e065fc520f38fb1ef313523b042965ee3c4325d")]
    [InlineData(224, "55cc689a7536bc00912a3ea8824529cf3374dbde8b2520fc2721e225c462ec96")]
    public void Render_OnAnyMachine_GivesThePinnedPixels(int size, string sha256)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var scene in Some.Many(24, SceneSplit.Test))
            hash.AppendData(SceneRenderer.Render(scene, size));
        Convert.ToHexStringLower(hash.GetHashAndReset()).Should().Be(sha256);
    }

    [Fact]
    public void Render_IntoUsedMemory_OverwritesAllOfIt()
    {
        var scene = SceneGenerator.Generate(SceneSplit.Train, 3);
        var pixels = new byte[3 * 64 * 64 + 5];
        pixels.AsSpan().Fill(77);
        SceneRenderer.Render(scene, 64, pixels);
        pixels[..^5].Should().Equal(SceneRenderer.Render(scene, 64));
        pixels[^5..].Should().OnlyContain(value => value == 77);
    }

    [Fact]
    public void Render_AtTwiceTheSize_ShrinksToTheSamePicture()
    {
        foreach (var scene in Some.Many(40))
        {
            byte[] large = SceneRenderer.Render(scene, 224), small = SceneRenderer.Render(scene, 112);
            double sum = 0;
            var worst = 0;
            for (var i = 0; i < small.Length; i++)
            {
                int x = i / 3 % 112, y = i / 336, at = 3 * (448 * y + 2 * x) + i % 3;
                var difference = Math.Abs((large[at] + large[at + 3] + large[at + 672] + large[at + 675] + 2) / 4 - small[i]);
                sum += difference;
                worst = Math.Max(worst, difference);
            }
            (sum / small.Length).Should().BeLessThan(1.2);
            worst.Should().BeLessThan(90); // a corner's pixel at most
        }
    }

    [Fact]
    public void Render_WithoutNoise_PaintsExactlyTheGivenColours()
    {
        var pixels = SceneRenderer.Render(Some.Three, 100);
        Pixel(pixels, 100, 20, 20).Should().Be((214, 34, 38));
        Pixel(pixels, 100, 2, 98).Should().Be((134, 134, 134));
        foreach (var shape in Enum.GetValues<Shape>().Where(s => s != Shape.Ring))
        {
            var scene = Some.Three with { Objects = [Some.Object(shape, Colour.Yellow, ObjectSize.Large, 0.5, 0.5)] };
            var at = shape == Shape.Crescent ? 39 : 50;
            Pixel(SceneRenderer.Render(scene, 100), 100, at, 50).Should().Be((250, 222, 36), shape.ToString());
        }
    }

    [Fact]
    public void Render_OfARing_ShowsTheGroundThroughIt()
    {
        var scene = Some.Three with { Objects = [Some.Object(Shape.Ring, Colour.Red, ObjectSize.Small, 0.5, 0.5)] };
        Pixel(SceneRenderer.Render(scene, 112), 112, 56, 56).Should().Be((134, 134, 134));
    }

    [Fact]
    public void Render_OfADisc_CoversItsArea()
    {
        // Antialiasing that dropped or doubled edge pixels would show here: π r² within half a percent.
        var scene = Some.Three with { Objects = [Some.Object(Shape.Circle, Colour.Black, ObjectSize.Small, 0.503, 0.497)] };
        var pixels = SceneRenderer.Render(scene, 112);
        var covered = Enumerable.Range(0, 112 * 112).Sum(i => (134.0 - pixels[3 * i]) / (134 - 16));
        covered.Should().BeApproximately(Math.PI * Math.Pow(0.1 * 112, 2), 4);
    }

    [Theory]
    [InlineData(BackgroundPattern.Gradient)]
    [InlineData(BackgroundPattern.Striped)]
    [InlineData(BackgroundPattern.Checkered)]
    [InlineData(BackgroundPattern.Speckled)]
    public void Render_OfAPattern_ShowsBothShades(BackgroundPattern pattern)
    {
        var pixels = SceneRenderer.Render(Some.Three with { Background = Some.Ground(pattern), Objects = [] }, 112);
        ((int)pixels.Max() - pixels.Min()).Should().BeInRange(20, 40);
        pixels.Average(value => (double)value).Should().BeApproximately(134, 11);
    }

    private static (int R, int G, int B) Pixel(byte[] pixels, int size, int x, int y)
    {
        var i = 3 * (y * size + x);
        return (pixels[i], pixels[i + 1], pixels[i + 2]);
    }
}
