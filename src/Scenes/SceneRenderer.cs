namespace Dpvr.Scenes;

/// <summary>
/// Draws a scene at any size: same canvas coordinates, edges antialiased from the distance to the outline, noise scaled so that
/// a picture drawn at 224 pixels and shrunk looks like one drawn small.
/// </summary>
public static class SceneRenderer
{
    private const double NoiseSize = 224;

    /// <summary>Draws into a new array.</summary>
    /// <returns>RGB, rows from the top, (size, size, 3), 8 bits a value.</returns>
    public static byte[] Render(Scene scene, int size)
    {
        var pixels = new byte[3 * size * size];
        Render(scene, size, pixels);
        return pixels;
    }

    /// <summary>Draws into the caller's memory: RGB, (size, size, 3).</summary>
    public static void Render(Scene scene, int size, Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 8);
        pixels = pixels[..(3 * size * size)];
        BackgroundPainter.Paint(scene.Background, size, pixels);
        foreach (var o in scene.Objects)
            Draw(o, size, pixels);
        AddNoise(scene.Background, size, pixels);
    }

    private static void Draw(SceneObject o, int size, Span<byte> pixels)
    {
        double centreX = o.X * size, centreY = o.Y * size, scale = o.Radius * size;
        double cos = Math.Cos(o.Rotation) / scale, sin = Math.Sin(o.Rotation) / scale;
        var reach = ShapeOutline.Reach(o.Shape) * scale + 1;
        int left = Math.Max(0, (int)(centreX - reach)), right = Math.Min(size - 1, (int)(centreX + reach));
        int top = Math.Max(0, (int)(centreY - reach)), bottom = Math.Min(size - 1, (int)(centreY + reach));
        var (red, green, blue) = ScenePalette.Of(o.Colour);
        for (var y = top; y <= bottom; y++)
        {
            var dy = y + 0.5 - centreY;
            var shade = -7 * dy / scale; // lit from above, a little
            double r = red + shade, g = green + shade, b = blue + shade;
            var row = pixels.Slice(3 * y * size, 3 * size);
            for (var x = left; x <= right;)
            {
                var dx = x + 0.5 - centreX;
                var distance = scale * ShapeOutline.Distance(o.Shape, cos * dx + sin * dy, cos * dy - sin * dx);
                // No outline is nearer than |distance|: all pixels up to there are alike.
                var run = Math.Min(Math.Max(1, (int)(Math.Abs(distance) - 0.5)), right + 1 - x);
                var cover = Math.Clamp(0.5 - distance, 0, 1);
                if (cover > 0)
                    for (var i = 3 * x; i < 3 * (x + run); i += 3)
                    {
                        row[i] = Mix(row[i], r, cover);
                        row[i + 1] = Mix(row[i + 1], g, cover);
                        row[i + 2] = Mix(row[i + 2], b, cover);
                    }
                x += run;
            }
        }
    }

    private static void AddNoise(Background background, int size, Span<byte> pixels)
    {
        // Triangular noise of two bytes a channel; averaging an n × n block divides its deviation by n.
        var amplitude = (int)(background.Noise * Math.Min(1, size / NoiseSize) / 255 * 65536);
        for (var i = 0; i < pixels.Length; i += 3)
        {
            var bits = SceneRandom.At(background.Seed, (ulong)i);
            pixels[i] = Noisy(pixels[i], bits, amplitude);
            pixels[i + 1] = Noisy(pixels[i + 1], bits >> 16, amplitude);
            pixels[i + 2] = Noisy(pixels[i + 2], bits >> 32, amplitude);
        }
    }

    private static byte Noisy(byte value, ulong bits, int amplitude)
    {
        var deviation = (int)(bits & 255) + (int)(bits >> 8 & 255) - 255;
        return (byte)Math.Clamp(value + (deviation * amplitude + 32768 >> 16), 0, 255);
    }

    private static byte Mix(byte below, double above, double cover) =>
        (byte)Math.Clamp(below + (above - below) * cover + 0.5, 0, 255);
}
