namespace Dpvr.Scenes.Tests;

public sealed class ShapeOutlineTests
{
    public static TheoryData<Shape> All => [.. Enum.GetValues<Shape>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Distance_Anywhere_NeverExceedsTheTrueOne(Shape shape)
    {
        // A function that changes by no more than one moves to the other is never farther from its zero than it says.
        var random = new SceneRandom(5);
        for (var i = 0; i < 4000; i++)
        {
            double x = random.Between(-1.5, 1.5), y = random.Between(-1.5, 1.5), dx = random.Between(-0.2, 0.2), dy = random.Between(-0.2, 0.2);
            var change = Math.Abs(ShapeOutline.Distance(shape, x, y) - ShapeOutline.Distance(shape, x + dx, y + dy));
            change.Should().BeLessThanOrEqualTo(Math.Sqrt(dx * dx + dy * dy) + 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Reach_Always_HoldsTheWholeShape(Shape shape)
    {
        for (var i = 0; i < 3600; i++)
            ShapeOutline.Distance(shape, ShapeOutline.Reach(shape) * Math.Cos(i * Math.PI / 1800), ShapeOutline.Reach(shape) * Math.Sin(i * Math.PI / 1800))
                .Should().BeGreaterThan(-1e-9);
        ShapeOutline.Reach(shape).Should().BeInRange(1, 1.25);
    }

    [Fact]
    public void Distance_OfTwoShapes_TellsThemApartWhenSmall()
    {
        // At 20 pixels: of the pixels that either of two shapes covers, they share less than 85 % in any of their rotations.
        var shapes = Enum.GetValues<Shape>();
        foreach (var a in shapes)
            foreach (var b in shapes.Where(b => b > a))
                for (var turn = -1.0; turn <= 1; turn += 0.5)
                {
                    int both = 0, either = 0;
                    for (var i = 0; i < 24 * 24; i++)
                    {
                        double x = (i % 24 - 11.5) / 10, y = (i / 24 - 11.5) / 10;
                        bool inA = Inside(a, x, y, turn), inB = Inside(b, x, y, -turn);
                        both += inA && inB ? 1 : 0;
                        either += inA || inB ? 1 : 0;
                    }
                    ((double)both / either).Should().BeLessThan(0.85, $"{a} and {b}");
                }

        static bool Inside(Shape shape, double x, double y, double turn)
        {
            var angle = turn * ShapeOutline.MaxRotation(shape);
            return ShapeOutline.Distance(shape, Math.Cos(angle) * x + Math.Sin(angle) * y, Math.Cos(angle) * y - Math.Sin(angle) * x) < 0;
        }
    }
}
