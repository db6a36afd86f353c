namespace Dpvr.Scenes;

/// <summary>8-bit sRGB values of all colours, and which object colours stand out from which background.</summary>
internal static class ScenePalette
{
    // CIE76 distance that an object's colour keeps from both shades of its background.
    private const double MinContrast = 38;

    private static readonly (double R, double G, double B)[] Objects =
    [
        (214, 34, 38), (30, 140, 54), (30, 78, 216), (250, 222, 36), (246, 134, 20), (148, 40, 172),
        (250, 128, 188), (116, 68, 34), (16, 16, 18), (252, 252, 252), (24, 204, 218),
    ];

    private static readonly (double R, double G, double B)[] Grounds =
    [
        (134, 134, 134), (216, 200, 166), (168, 212, 182), (204, 182, 222), (152, 196, 234), (66, 86, 118),
    ];

    private static readonly bool[,] Contrasts = Compare();

    public static (double R, double G, double B) Of(Colour colour) => Objects[(int)colour];

    /// <summary>The two shades that a pattern mixes; both the same for a plain background.</summary>
    public static ((double R, double G, double B) Dark, (double R, double G, double B) Light) Shades(BackgroundPattern pattern, BackgroundColour colour)
    {
        var (r, g, b) = Grounds[(int)colour];
        var half = pattern switch
        {
            BackgroundPattern.Plain => 0,
            BackgroundPattern.Gradient => 18,
            _ => 11,
        };
        return ((r - half, g - half, b - half), (r + half, g + half, b + half));
    }

    public static bool StandsOut(Colour colour, BackgroundPattern pattern, BackgroundColour ground) =>
        Contrasts[(int)colour, (int)pattern * Grounds.Length + (int)ground];

    private static bool[,] Compare()
    {
        var patterns = Enum.GetValues<BackgroundPattern>();
        var result = new bool[Objects.Length, patterns.Length * Grounds.Length];
        foreach (var pattern in patterns)
            for (var ground = 0; ground < Grounds.Length; ground++)
            {
                var (dark, light) = Shades(pattern, (BackgroundColour)ground);
                for (var colour = 0; colour < Objects.Length; colour++)
                    result[colour, (int)pattern * Grounds.Length + ground] =
                        Math.Min(Difference(Objects[colour], dark), Difference(Objects[colour], light)) >= MinContrast;
            }
        return result;
    }

    /// <summary>CIE76 colour difference of two sRGB colours (D65).</summary>
    internal static double Difference((double R, double G, double B) a, (double R, double G, double B) b)
    {
        var (l1, a1, b1) = Lab(a);
        var (l2, a2, b2) = Lab(b);
        return Math.Sqrt((l1 - l2) * (l1 - l2) + (a1 - a2) * (a1 - a2) + (b1 - b2) * (b1 - b2));
    }

    private static (double L, double A, double B) Lab((double R, double G, double B) c)
    {
        double r = Linear(c.R), g = Linear(c.G), b = Linear(c.B);
        var x = Root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
        var y = Root(0.2126 * r + 0.7152 * g + 0.0722 * b);
        var z = Root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
        return (116 * y - 16, 500 * (x - y), 200 * (y - z));
    }

    private static double Linear(double level)
    {
        var c = level / 255;
        return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
    }

    private static double Root(double t) => t > 0.008856 ? Math.Cbrt(t) : 7.787 * t + 16.0 / 116;
}
