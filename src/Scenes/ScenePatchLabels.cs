namespace Dpvr.Scenes;

/// <summary>
/// What each patch of a scene shows, for dense supervision of a vision tower. Row-major, patchesPerSide² values each;
/// 0 is background, else the enum's value plus one.
/// </summary>
public sealed record ScenePatchLabels(byte[] Shapes, byte[] Colours, byte[] Sizes)
{
    // Samples per side of a patch.
    private const int Samples = 4;

    /// <summary>Labels a patch by the object on its centre, else by the one that covers most of it (three eighths at least).</summary>
    public static ScenePatchLabels Of(Scene scene, int patchesPerSide)
    {
        var count = patchesPerSide * patchesPerSide;
        var labels = new ScenePatchLabels(new byte[count], new byte[count], new byte[count]);
        Span<int> covered = stackalloc int[count <= 1024 ? count : 0];
        if (covered.Length < count)
            covered = new int[count];
        foreach (var o in scene.Objects)
        {
            var reach = o.Radius * ShapeOutline.Reach(o.Shape);
            int left = Cell(o.X - reach), right = Cell(o.X + reach), top = Cell(o.Y - reach), bottom = Cell(o.Y + reach);
            double cos = Math.Cos(o.Rotation) / o.Radius, sin = Math.Sin(o.Rotation) / o.Radius;
            for (var row = top; row <= bottom; row++)
                for (var column = left; column <= right; column++)
                {
                    var part = Covers(row + 0.5, column + 0.5) ? Samples * Samples + 1 : 0;
                    for (var s = 0; s < Samples * Samples && part <= Samples * Samples; s++)
                        if (Covers(row + (s / Samples + 0.5) / Samples, column + (s % Samples + 0.5) / Samples))
                            part++;
                    var i = row * patchesPerSide + column;
                    if (part < Samples * Samples * 3 / 8 || part <= covered[i])
                        continue;
                    covered[i] = part;
                    labels.Shapes[i] = (byte)(o.Shape + 1);
                    labels.Colours[i] = (byte)(o.Colour + 1);
                    labels.Sizes[i] = (byte)(o.Size + 1);
                }

            bool Covers(double y, double x)
            {
                double dx = x / patchesPerSide - o.X, dy = y / patchesPerSide - o.Y;
                return ShapeOutline.Distance(o.Shape, cos * dx + sin * dy, cos * dy - sin * dx) < 0;
            }
        }
        return labels;

        int Cell(double at) => Math.Clamp((int)(at * patchesPerSide), 0, patchesPerSide - 1);
    }
}
