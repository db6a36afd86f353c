namespace Dpvr.Scenes;

/// <summary>Fills a picture with a background: two shades of one colour mixed by the pattern, edges one pixel soft.</summary>
internal static class BackgroundPainter
{
    public static void Paint(Background background, int size, Span<byte> pixels)
    {
        // 256 mixtures of the two shades.
        Span<byte> table = stackalloc byte[768];
        var (dark, light) = ScenePalette.Shades(background.Pattern, background.Colour);
        for (var i = 0; i < 256; i++)
        {
            table[3 * i] = (byte)(dark.R + (light.R - dark.R) * i / 255 + 0.5);
            table[3 * i + 1] = (byte)(dark.G + (light.G - dark.G) * i / 255 + 0.5);
            table[3 * i + 2] = (byte)(dark.B + (light.B - dark.B) * i / 255 + 0.5);
        }

        switch (background.Pattern)
        {
            case BackgroundPattern.Gradient:
                Gradient(background, size, pixels, table);
                break;
            case BackgroundPattern.Striped:
                Stripes(background, size, pixels, table);
                break;
            case BackgroundPattern.Checkered:
                Checks(background, size, pixels, table);
                break;
            default:
                for (var i = 0; i < pixels.Length; i += 3)
                    Put(pixels, i, table, 0);
                if (background.Pattern == BackgroundPattern.Speckled)
                    Speckles(background, size, pixels, table);
                break;
        }
    }

    private static void Gradient(Background background, int size, Span<byte> pixels, ReadOnlySpan<byte> table)
    {
        double cos = Math.Cos(background.Angle), sin = Math.Sin(background.Angle);
        var span = (Math.Abs(cos) + Math.Abs(sin)) * size;
        for (int y = 0, i = 0; y < size; y++)
            for (var x = 0; x < size; x++, i += 3)
                Put(pixels, i, table, 0.5 + (cos * (x + 0.5 - size / 2.0) + sin * (y + 0.5 - size / 2.0)) / span);
    }

    private static void Stripes(Background background, int size, Span<byte> pixels, ReadOnlySpan<byte> table)
    {
        double cos = Math.Cos(background.Angle), sin = Math.Sin(background.Angle), period = background.Period * size;
        for (int y = 0, i = 0; y < size; y++)
            for (var x = 0; x < size; x++, i += 3)
                Put(pixels, i, table, 0.5 + 0.5 * Wave(cos * (x + 0.5) + sin * (y + 0.5), period, background.Phase));
    }

    private static void Checks(Background background, int size, Span<byte> pixels, ReadOnlySpan<byte> table)
    {
        var period = background.Period * size;
        Span<double> waves = stackalloc double[Math.Min(size, 4096)];
        if (waves.Length < size)
            waves = new double[size];
        for (var x = 0; x < size; x++)
            waves[x] = Wave(x + 0.5, period, background.Phase);
        for (int y = 0, i = 0; y < size; y++)
            for (var x = 0; x < size; x++, i += 3)
                Put(pixels, i, table, 0.5 + 0.5 * waves[x] * waves[y]);
    }

    /// <summary>A light dot somewhere in each cell of a grid.</summary>
    private static void Speckles(Background background, int size, Span<byte> pixels, ReadOnlySpan<byte> table)
    {
        var cells = (int)(1 / background.Period);
        var cell = (double)size / cells;
        for (var n = 0; n < cells * cells; n++)
        {
            var bits = SceneRandom.At(~background.Seed, (ulong)n);
            var radius = cell * (0.14 + 0.12 * (bits & 1023) / 1023);
            var centreX = cell * (n % cells + 0.2 + 0.6 * (bits >> 10 & 1023) / 1023);
            var centreY = cell * (n / cells + 0.2 + 0.6 * (bits >> 20 & 1023) / 1023);
            for (var y = Math.Max(0, (int)(centreY - radius - 1)); y <= Math.Min(size - 1, (int)(centreY + radius + 1)); y++)
                for (var x = Math.Max(0, (int)(centreX - radius - 1)); x <= Math.Min(size - 1, (int)(centreX + radius + 1)); x++)
                {
                    double dx = x + 0.5 - centreX, dy = y + 0.5 - centreY;
                    var cover = radius + 0.5 - Math.Sqrt(dx * dx + dy * dy);
                    if (cover > 0)
                        Put(pixels, 3 * (y * size + x), table, cover);
                }
        }
    }

    /// <summary>A square wave of -1 and 1 whose edges are one pixel soft.</summary>
    private static double Wave(double at, double period, double phase)
    {
        var place = at / period + phase;
        place -= Math.Floor(place);
        return Math.Clamp(2 * period * (0.25 - Math.Abs(place - 0.5)), -1, 1);
    }

    private static void Put(Span<byte> pixels, int i, ReadOnlySpan<byte> table, double mix) =>
        table.Slice(3 * (int)(Math.Clamp(mix, 0, 1) * 255 + 0.5), 3).CopyTo(pixels[i..]);
}
