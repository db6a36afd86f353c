namespace Dpvr.Scenes;

/// <summary>
/// The outline of each shape in its own units (nominal radius 1, y down) as a signed distance that never exceeds the true
/// one, so that a renderer may skip as many pixels as the distance says.
/// </summary>
internal static class ShapeOutline
{
    // Corners are rounded by growing every polygon a little.
    private const double Rounding = 0.05;
    private const double RingMiddle = 0.77, RingHalf = 0.23;
    private const double MoonShift = 0.2, BiteX = 0.45, BiteRadius = 0.82;

    private static readonly double[]?[] Polygons =
    [
        null,
        [-0.78, -0.78, 0.78, -0.78, 0.78, 0.78, -0.78, 0.78],
        [0, -1.12, 0.97, 0.56, -0.97, 0.56],
        Star(),
        Heart(),
        [0, -1.13, 0.68, 0, 0, 1.13, -0.68, 0],
        [-0.28, -0.97, 0.28, -0.97, 0.28, -0.28, 0.97, -0.28, 0.97, 0.28, 0.28, 0.28, 0.28, 0.97, -0.28, 0.97, -0.28, 0.28, -0.97, 0.28, -0.97, -0.28, -0.28, -0.28],
        null,
        null,
        [1.08, 0, 0.15, 0.82, 0.15, 0.27, -1.03, 0.27, -1.03, -0.27, 0.15, -0.27, 0.15, -0.82],
    ];

    private static readonly double[] Reaches = [.. Enum.GetValues<Shape>().Select(Farthest)];

    /// <summary>Largest rotation either way that leaves the shape itself (a square is no diamond), radians.</summary>
    public static double MaxRotation(Shape shape) => shape switch
    {
        Shape.Circle or Shape.Ring => 0,
        Shape.Square or Shape.Diamond => 0.14,
        Shape.Cross => 0.18,
        Shape.Star => 0.60,
        Shape.Crescent => 0.40,
        _ => 0.25,
    };

    /// <summary>Radius of the circle about the centre that holds the whole shape.</summary>
    public static double Reach(Shape shape) => Reaches[(int)shape];

    /// <summary>Signed distance of a point from the outline, negative inside.</summary>
    public static double Distance(Shape shape, double x, double y) => shape switch
    {
        Shape.Circle => Math.Sqrt(x * x + y * y) - 1,
        Shape.Ring => Math.Abs(Math.Sqrt(x * x + y * y) - RingMiddle) - RingHalf,
        Shape.Crescent => Crescent(x - MoonShift, y),
        _ => Polygon(Polygons[(int)shape]!, x, y) - Rounding,
    };

    private static double Crescent(double x, double y)
    {
        var bite = x - BiteX;
        return Math.Max(Math.Sqrt(x * x + y * y) - 1, BiteRadius - Math.Sqrt(bite * bite + y * y));
    }

    private static double Polygon(double[] p, double x, double y)
    {
        var nearest = double.MaxValue;
        var inside = false;
        for (int i = 0, j = p.Length - 2; i < p.Length; j = i, i += 2)
        {
            double ex = p[j] - p[i], ey = p[j + 1] - p[i + 1], wx = x - p[i], wy = y - p[i + 1];
            var t = Math.Clamp((wx * ex + wy * ey) / (ex * ex + ey * ey), 0, 1);
            double dx = wx - t * ex, dy = wy - t * ey;
            nearest = Math.Min(nearest, dx * dx + dy * dy);
            if ((p[i + 1] > y) != (p[j + 1] > y) && x < p[i] + (y - p[i + 1]) / ey * ex)
                inside = !inside;
        }
        return inside ? -Math.Sqrt(nearest) : Math.Sqrt(nearest);
    }

    private static double Farthest(Shape shape) => shape switch
    {
        Shape.Circle or Shape.Ring => 1,
        Shape.Crescent => 1.14,
        _ => Enumerable.Range(0, Polygons[(int)shape]!.Length / 2)
            .Max(i => Math.Sqrt(Math.Pow(Polygons[(int)shape]![2 * i], 2) + Math.Pow(Polygons[(int)shape]![2 * i + 1], 2))) + Rounding,
    };

    private static double[] Star()
    {
        var points = new double[20];
        for (var i = 0; i < 10; i++)
        {
            var radius = i % 2 == 0 ? 1.15 : 0.46;
            points[2 * i] = radius * Math.Sin(i * Math.PI / 5);
            points[2 * i + 1] = -radius * Math.Cos(i * Math.PI / 5);
        }
        return points;
    }

    private static double[] Heart()
    {
        const int Steps = 36;
        var points = new double[2 * Steps];
        for (var i = 0; i < Steps; i++)
        {
            var t = 2 * Math.PI * i / Steps;
            points[2 * i] = 16 * Math.Pow(Math.Sin(t), 3) / 15.5;
            points[2 * i + 1] = -(13 * Math.Cos(t) - 5 * Math.Cos(2 * t) - 2 * Math.Cos(3 * t) - Math.Cos(4 * t) + 2.5) / 15.5;
        }
        return points;
    }
}
