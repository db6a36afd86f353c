using System.Security.Cryptography;
using System.Text;

namespace Dpvr.Scenes.Tests;

public sealed class SceneGeneratorTests
{
    [Fact]
    public void Generate_WhenCalledAgain_GivesTheSameScene()
    {
        foreach (var index in (long[])[0, 1, 12345, 1L << 40])
            Text(SceneGenerator.Generate(SceneSplit.Test, index)).Should().Be(Text(SceneGenerator.Generate(SceneSplit.Test, index)));
    }

    [Fact]
    public void Generate_OnAnyMachine_GivesThePinnedScenes()
    {
        // The shipped model was trained and measured on these scenes: a change here makes its figures void.
        var text = string.Join('\n', Enum.GetValues<SceneSplit>().SelectMany(split => Some.Many(200, split)).Select(Text));
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))).Should().Be("12e7968b20ea9e1ecc846ed0dfe70bb8555fa60c7767d51875b1883a9d7718af");
    }

    [Fact]
    public void Generate_Always_ObeysTheRules()
    {
        foreach (var scene in Some.Many(3000))
        {
            var objects = scene.Objects;
            objects.Count.Should().BeInRange(1, SceneRules.MaxObjects);
            objects.Select(o => (o.Size, o.Colour, o.Shape)).Distinct().Count().Should().Be(objects.Count);
            for (var i = 0; i < objects.Count; i++)
            {
                var o = objects[i];
                (2 * o.Radius).Should().BeInRange(o.Size == ObjectSize.Small ? 0.17 : 0.30, o.Size == ObjectSize.Small ? 0.21 : 0.36);
                var reach = o.Radius * ShapeOutline.Reach(o.Shape);
                Math.Min(Math.Min(o.X, o.Y), Math.Min(1 - o.X, 1 - o.Y)).Should().BeGreaterThan(reach);
                ScenePalette.StandsOut(o.Colour, scene.Background.Pattern, scene.Background.Colour).Should().BeTrue();
                for (var j = i + 1; j < objects.Count; j++)
                {
                    (objects[j].X - o.X).Should().BeGreaterThanOrEqualTo(SceneRules.MinGapX, "objects are sorted and their order is clear");
                    var dy = Math.Abs(objects[j].Y - o.Y);
                    (dy <= SceneRules.LevelY || dy >= SceneRules.ClearY).Should().BeTrue("heights are level or clearly different");
                }
            }
        }
    }

    [Fact]
    public void Generate_Always_KeepsObjectsApart()
    {
        // Not by the circles that the generator uses: by the outlines themselves, on a grid.
        foreach (var scene in Some.Many(150).Where(s => s.Objects.Count > 1))
            for (var i = 0; i < 100 * 100; i++)
                scene.Objects.Count(o => Covers(o, (i % 100 + 0.5) / 100, (i / 100 + 0.5) / 100)).Should().BeLessThan(2);
    }

    [Fact]
    public void Generate_OverManyScenes_IsBalanced()
    {
        var scenes = Some.Many(6000).ToList();
        var objects = scenes.SelectMany(s => s.Objects).ToList();
        Even(scenes.Select(s => s.Objects.Count), 4, 0.10);
        Even(objects.Select(o => o.Shape), SceneWords.Shapes.Count, 0.12);
        Even(objects.Select(o => o.Colour), SceneWords.Colours.Count, 0.12);
        Even(objects.Select(o => o.Size), 2, 0.05);
        Even(scenes.Select(s => s.Background.Pattern), SceneWords.Patterns.Count, 0.20);
        // White and light colours leave only dark grounds, so these are only roughly even.
        Even(scenes.Select(s => s.Background.Colour), SceneWords.BackgroundColours.Count, 0.60);
    }

    [Fact]
    public void SeedOf_WhenSplitsDiffer_NeverMeets()
    {
        long[] ends = [0, 1, (1L << 62) - 1];
        foreach (var split in Enum.GetValues<SceneSplit>())
            foreach (var index in ends)
                (SceneRandom.SeedOf(split, index) >> 62).Should().Be((ulong)split, "an index cannot reach the split's bits");
        foreach (var index in (long[])[-1, 1L << 62])
            FluentActions.Invoking(() => SceneGenerator.Generate(SceneSplit.Train, index)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Generate_InDifferentSplits_SharesNoScene()
    {
        var all = Enum.GetValues<SceneSplit>().SelectMany(split => Some.Many(1500, split)).Select(s => Text(s)[1..]).ToList();
        all.Distinct().Count().Should().Be(all.Count);
    }

    private static bool Covers(SceneObject o, double x, double y)
    {
        double dx = (x - o.X) / o.Radius, dy = (y - o.Y) / o.Radius, cos = Math.Cos(o.Rotation), sin = Math.Sin(o.Rotation);
        return ShapeOutline.Distance(o.Shape, cos * dx + sin * dy, cos * dy - sin * dx) < 0;
    }

    private static void Even<T>(IEnumerable<T> values, int kinds, double tolerance)
        where T : notnull
    {
        var counts = values.GroupBy(v => v).ToDictionary(g => g.Key, g => (double)g.Count());
        counts.Should().HaveCount(kinds);
        var mean = counts.Values.Average();
        counts.Values.Should().AllSatisfy(count => count.Should().BeInRange(mean * (1 - tolerance), mean * (1 + tolerance)));
    }

    private static string Text(Scene s) =>
        $"{(int)s.Split}|{SceneWords.Of(s.Background)}|{s.Background.Angle:F5}|{s.Background.Period:F6}|{s.Background.Phase:F6}|{s.Background.Noise:F5}|{s.Background.Seed}|"
        + string.Join('|', s.Objects.Select(o => $"{SceneWords.Full(o)} {o.X:F6} {o.Y:F6} {o.Radius:F6} {o.Rotation:F6}"));
}
