using Dpvr.Model.Pictures;

namespace Dpvr.Model.Tests.Pictures;

public sealed class BicubicResizeTests
{
    [Theory]
    [InlineData(37, 23, 11, 7)]
    [InlineData(11, 7, 37, 23)]
    [InlineData(1, 1, 5, 3)]
    [InlineData(640, 2, 3, 9)]
    [InlineData(500, 333, 56, 84)]
    [InlineData(17, 90, 17, 45)]
    public void Resize_OfAnySize_EqualsItsDefinition(int width, int height, int outWidth, int outHeight)
    {
        var rgb = new byte[width * height * 3];
        new Random(3).NextBytes(rgb);

        BicubicResize.Resize(rgb, width, height, outWidth, outHeight).Should().Equal(Define(rgb, width, height, outWidth, outHeight));
    }

    [Fact]
    public void Resize_WhenSizeStays_ReturnsThePixels() => BicubicResize.Resize(PictureFiles.Pattern(13, 9), 13, 9, 13, 9).Should().Equal(PictureFiles.Pattern(13, 9));

    [Theory]
    [InlineData(300, 40)]
    [InlineData(40, 300)]
    public void Passes_WithAndWithoutSimd_AgreeBitForBit(int from, int to)
    {
        var random = new Random(5);
        var weights = ResizeWeights.For(from, to, 0, to);
        var row = new byte[(from + weights.Taps) * 3 + 64];
        random.NextBytes(row);
        byte[] plain = new byte[to * 3], fast = new byte[to * 3];
        ResizePass.HorizontalPlain(row, plain, weights, 0, to);
        ResizePass.Horizontal(row, fast, weights, 0, to);
        fast.Should().Equal(plain);

        var rows = new byte[weights.Taps * 48];
        random.NextBytes(rows);
        byte[] plainRow = new byte[48], fastRow = new byte[48];
        for (var y = 0; y < to; y++)
        {
            ResizePass.VerticalPlain(rows, 48, plainRow, weights, y);
            ResizePass.Vertical(rows, 48, fastRow, weights, y);
            fastRow.Should().Equal(plainRow);
        }
    }

    /// <summary>The definition of <c>tests/golden/README.md</c>, section 6, word by word.</summary>
    private static byte[] Define(byte[] rgb, int width, int height, int outWidth, int outHeight)
    {
        var narrowed = Axis(rgb, width, outWidth, height, (i, line, channel, size) => (line * size + i) * 3 + channel);
        return Axis(narrowed, height, outHeight, outWidth, (i, line, channel, _) => (i * outWidth + line) * 3 + channel);

        static byte[] Axis(byte[] from, int size, int outSize, int lines, Func<int, int, int, int, int> at)
        {
            if (size == outSize) return from;
            var to = new byte[outSize * lines * 3];
            double scale = (double)size / outSize, f = Math.Max(scale, 1);
            for (var x = 0; x < outSize; x++)
            {
                var c = (x + 0.5) * scale;
                int first = Math.Max(0, (int)(c - 2 * f + 0.5)), end = Math.Min(size, (int)(c + 2 * f + 0.5));
                double[] weights = [.. Enumerable.Range(first, end - first).Select(i => Kernel((i - c + 0.5) / f))];
                int[] fixedPoint = [.. weights.Select(w => w / weights.Sum() * (1 << 22)).Select(w => (int)(w + (w < 0 ? -0.5 : 0.5)))];
                for (var line = 0; line < lines; line++)
                {
                    for (var channel = 0; channel < 3; channel++)
                    {
                        var sum = 1 << 21;
                        for (var i = first; i < end; i++) sum += fixedPoint[i - first] * from[at(i, line, channel, size)];
                        to[at(x, line, channel, outSize)] = (byte)Math.Clamp(sum >> 22, 0, 255);
                    }
                }
            }
            return to;
        }

        static double Kernel(double x)
        {
            x = Math.Abs(x);
            return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? -0.5 * (((x - 5) * x + 8) * x - 4) : 0;
        }
    }
}
