using System.Buffers;

namespace Dpvr.Model.Pictures;

/// <summary>
/// Bicubic resize that equals Pillow's bit for bit: a horizontal and a vertical pass, each storing clipped 8-bit values,
/// with the kernel widened when shrinking (antialiasing). The reference models were trained on these very pixels.
/// </summary>
public static class BicubicResize
{
    // The SIMD kernels read whole vectors: padding taps (their weight is zero) and a few bytes behind the last pixel.
    private const int Slack = 64;

    /// <summary>Resizes a whole picture.</summary>
    /// <param name="rgb">(height, width, 3)</param>
    /// <returns>(outHeight, outWidth, 3)</returns>
    public static byte[] Resize(ReadOnlySpan<byte> rgb, int width, int height, int outWidth, int outHeight)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outHeight);
        var result = new byte[checked(outWidth * outHeight * 3)];
        Run(rgb, width, height, ResizeGeometry.Plain(width, height, outWidth, outHeight), background: default, result, planar: false);
        return result;
    }

    /// <summary>Resizes as <paramref name="geometry"/> says.</summary>
    /// <param name="rgb">(height, width, 3)</param>
    /// <param name="background">Colour of the canvas around the picture.</param>
    /// <param name="destination">The window: (3, h, w) when <paramref name="planar"/>, else (h, w, 3).</param>
    internal static void Run(ReadOnlySpan<byte> rgb, int width, int height, in ResizeGeometry geometry, (byte R, byte G, byte B) background, Span<byte> destination, bool planar)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfLessThan(rgb.Length, checked(width * height * 3));
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, geometry.WindowWidth * geometry.WindowHeight * 3);

        var across = ResizeWeights.For(geometry.CanvasWidth, geometry.OutWidth, geometry.WindowX, geometry.WindowWidth);
        var down = ResizeWeights.For(geometry.CanvasHeight, geometry.OutHeight, geometry.WindowY, geometry.WindowHeight);
        var firstRow = down.Starts[0];
        // Vectors of 16 bytes run over the end of a row into the next one; padding taps read rows behind the last.
        var stride = (geometry.WindowWidth * 3 + 15) / 16 * 16;
        var rows = down.End - firstRow;

        var canvasRow = ArrayPool<byte>.Shared.Rent((geometry.CanvasWidth + across.Taps) * 3 + Slack);
        var narrowed = ArrayPool<byte>.Shared.Rent(checked((rows + down.Taps) * stride + Slack));
        var resultRow = ArrayPool<byte>.Shared.Rent(stride + Slack);
        try
        {
            Fill(canvasRow.AsSpan(0, geometry.CanvasWidth * 3), background);
            // Columns that see the background alone are not computed: a line on a huge square would cost seconds.
            var (firstColumn, endColumn) = across.Seeing(geometry.Left, geometry.Left + width);
            for (var y = 0; y < rows; y++)
            {
                var into = narrowed.AsSpan(y * stride, stride);
                var row = firstRow + y - geometry.Top;
                if (row < 0 || row >= height)
                {
                    Fill(into[..(geometry.WindowWidth * 3)], background);
                    continue;
                }
                Fill(into[..(firstColumn * 3)], background);
                Fill(into[(endColumn * 3)..(geometry.WindowWidth * 3)], background);
                rgb.Slice(row * width * 3, width * 3).CopyTo(canvasRow.AsSpan(geometry.Left * 3));
                ResizePass.Horizontal(canvasRow, into, across, firstColumn, endColumn);
            }

            for (var y = 0; y < geometry.WindowHeight; y++)
            {
                ResizePass.Vertical(narrowed.AsSpan((down.Starts[y] - firstRow) * stride), stride, resultRow, down, y);
                var pixels = resultRow.AsSpan(0, geometry.WindowWidth * 3);
                if (planar) Separate(pixels, destination, y * geometry.WindowWidth, geometry.WindowWidth * geometry.WindowHeight);
                else pixels.CopyTo(destination[(y * pixels.Length)..]);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(canvasRow);
            ArrayPool<byte>.Shared.Return(narrowed);
            ArrayPool<byte>.Shared.Return(resultRow);
        }
    }

    private static void Fill(Span<byte> pixels, (byte R, byte G, byte B) colour)
    {
        for (var i = 0; i + 2 < pixels.Length; i += 3)
            (pixels[i], pixels[i + 1], pixels[i + 2]) = colour;
    }

    /// <summary>(w, 3) → (3, plane) at <paramref name="offset"/>.</summary>
    private static void Separate(ReadOnlySpan<byte> pixels, Span<byte> planes, int offset, int plane)
    {
        var width = pixels.Length / 3;
        var red = planes.Slice(offset, width);
        var green = planes.Slice(offset + plane, width);
        var blue = planes.Slice(offset + 2 * plane, width);
        for (int x = 0, i = 0; x < width; x++, i += 3)
            (red[x], green[x], blue[x]) = (pixels[i], pixels[i + 1], pixels[i + 2]);
    }
}
