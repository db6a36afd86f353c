namespace Dpvr.Model.Pictures;

/// <summary>
/// A resize as one step: the picture stands at (Left, Top) on a canvas, the canvas is resized to OutWidth × OutHeight, and
/// only the window of that result is computed.
/// </summary>
internal readonly record struct ResizeGeometry
{
    internal required int CanvasWidth { get; init; }
    internal required int CanvasHeight { get; init; }
    internal int Left { get; init; }
    internal int Top { get; init; }
    internal required int OutWidth { get; init; }
    internal required int OutHeight { get; init; }
    internal int WindowX { get; init; }
    internal int WindowY { get; init; }
    internal required int WindowWidth { get; init; }
    internal required int WindowHeight { get; init; }

    /// <summary>The whole picture to the whole result.</summary>
    internal static ResizeGeometry Plain(int width, int height, int outWidth, int outHeight) => new()
    {
        CanvasWidth = width,
        CanvasHeight = height,
        OutWidth = outWidth,
        OutHeight = outHeight,
        WindowWidth = outWidth,
        WindowHeight = outHeight,
    };

    /// <summary>The shorter edge becomes <paramref name="edge"/>, the longer <c>trunc(edge · long / short)</c>; the middle <paramref name="size"/> × <paramref name="size"/> is kept.</summary>
    internal static ResizeGeometry CenterCrop(int width, int height, int edge, int size)
    {
        var shorter = Math.Min(width, height);
        var outWidth = checked((int)((long)edge * width / shorter));
        var outHeight = checked((int)((long)edge * height / shorter));
        return Window(Plain(width, height, outWidth, outHeight), size);
    }

    /// <summary>The picture in the middle of a square canvas, resized to <paramref name="edge"/> × <paramref name="edge"/>, the middle <paramref name="size"/> × <paramref name="size"/> kept.</summary>
    internal static ResizeGeometry PadToSquare(int width, int height, int edge, int size)
    {
        var longer = Math.Max(width, height);
        return Window(Plain(longer, longer, edge, edge) with { Left = (longer - width) / 2, Top = (longer - height) / 2 }, size);
    }

    /// <summary>The middle <paramref name="size"/> × <paramref name="size"/> of a result.</summary>
    internal static ResizeGeometry Window(ResizeGeometry whole, int size) => whole with
    {
        WindowX = (whole.OutWidth - size) / 2,
        WindowY = (whole.OutHeight - size) / 2,
        WindowWidth = size,
        WindowHeight = size,
    };
}
