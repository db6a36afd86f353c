using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dpvr.Model.Pictures;

/// <summary>The two inner loops of <see cref="BicubicResize"/>, with AVX2 and in plain arithmetic; both give the same bits.</summary>
internal static class ResizePass
{
    private const int Half = 1 << (ResizeWeights.FractionBits - 1);

    // 4 pixels RGBRGBRGBRGB → 16-bit r0 r1 r2 r3 g0 g1 g2 g3 | b0 b1 b2 b3 0 0 0 0
    private static readonly Vector256<byte> FourPixels = Vector256.Create(
        (byte)0, 128, 3, 128, 6, 128, 9, 128, 1, 128, 4, 128, 7, 128, 10, 128,
        2, 128, 5, 128, 8, 128, 11, 128, 128, 128, 128, 128, 128, 128, 128, 128);

    /// <summary>One row (inputs, 3) → outputs <paramref name="first"/> to <paramref name="end"/> - 1 of (outputs, 3). <paramref name="row"/> reaches as many pixels behind its last one as there are taps, and 16 bytes.</summary>
    internal static void Horizontal(ReadOnlySpan<byte> row, Span<byte> into, ResizeWeights weights, int first, int end)
    {
        if (Avx2.IsSupported) HorizontalAvx2(row, into, weights, first, end);
        else HorizontalPlain(row, into, weights, first, end);
    }

    /// <summary>Output row <paramref name="y"/> from rows of <paramref name="stride"/> bytes (a multiple of 16), the first of which is the row's first tap.</summary>
    internal static void Vertical(ReadOnlySpan<byte> rows, int stride, Span<byte> into, ResizeWeights weights, int y)
    {
        if (Avx2.IsSupported) VerticalAvx2(rows, stride, into, weights, y);
        else VerticalPlain(rows, stride, into, weights, y);
    }

    internal static void HorizontalPlain(ReadOnlySpan<byte> row, Span<byte> into, ResizeWeights weights, int first, int end)
    {
        for (var x = first; x < end; x++)
        {
            int red = Half, green = Half, blue = Half;
            for (int i = 0, p = weights.Starts[x] * 3; i < weights.Taps; i++, p += 3)
            {
                var weight = Weight(weights, x * weights.Taps + i);
                red += weight * row[p];
                green += weight * row[p + 1];
                blue += weight * row[p + 2];
            }
            into[x * 3] = Clip(red);
            into[x * 3 + 1] = Clip(green);
            into[x * 3 + 2] = Clip(blue);
        }
    }

    internal static void VerticalPlain(ReadOnlySpan<byte> rows, int stride, Span<byte> into, ResizeWeights weights, int y)
    {
        for (var x = 0; x < stride; x++)
        {
            var sum = Half;
            for (var i = 0; i < weights.Taps; i++) sum += Weight(weights, y * weights.Taps + i) * rows[i * stride + x];
            into[x] = Clip(sum);
        }
    }

    internal static unsafe void HorizontalAvx2(ReadOnlySpan<byte> row, Span<byte> into, ResizeWeights weights, int first, int end)
    {
        if (first >= end) return;
        // The bounds that the pointers below rely on: the last vector of the last output.
        _ = row[(weights.Starts[end - 1] + weights.Taps - 4) * 3 + 15];
        _ = into[end * 3 - 1];
        var shuffle = FourPixels;
        var half = Vector256.Create(Half);
        fixed (byte* source = row, result = into)
        fixed (short* highs = weights.High, lows = weights.Low)
        fixed (int* starts = weights.Starts)
        {
            var taps = weights.Taps;
            short* high = highs + first * taps, low = lows + first * taps;
            var store = result + first * 3;
            for (var x = first; x < end; x++, store += 3)
            {
                var pixels = source + starts[x] * 3;
                var sumHigh = Vector256<int>.Zero;
                var sumLow = Vector256<int>.Zero;
                for (var i = 0; i < taps; i += 4, pixels += 12, high += 4, low += 4)
                {
                    var four = Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(pixels), shuffle).AsInt16();
                    sumHigh += Avx2.MultiplyAddAdjacent(four, Avx2.BroadcastScalarToVector256((long*)high).AsInt16());
                    sumLow += Avx2.MultiplyAddAdjacent(four, Avx2.BroadcastScalarToVector256((long*)low).AsInt16());
                }
                var sum = (sumHigh << ResizeWeights.LowBits) + sumLow; // r r g g | b b 0 0
                sum = (Avx2.HorizontalAdd(sum, sum) + half) >> ResizeWeights.FractionBits; // r g r g | b 0 b 0
                var clipped = Avx2.PackUnsignedSaturate(Avx2.PackSignedSaturate(sum, sum), default);
                *(ushort*)store = clipped.AsUInt16().GetElement(0);
                store[2] = clipped.GetElement(16);
            }
        }
    }

    internal static unsafe void VerticalAvx2(ReadOnlySpan<byte> rows, int stride, Span<byte> into, ResizeWeights weights, int y)
    {
        var taps = weights.Taps;
        _ = rows[taps * stride - 1];
        _ = into[stride - 1];
        var half = Vector256.Create(Half);
        fixed (byte* source = rows, result = into)
        fixed (short* highs = weights.High, lows = weights.Low)
        {
            int* high = (int*)(highs + y * taps), low = (int*)(lows + y * taps); // two taps an int
            for (var x = 0; x < stride; x += 16)
            {
                Vector256<int> highA = default, highB = default, lowA = default, lowB = default;
                var pixels = source + x;
                for (var i = 0; i < taps / 2; i++, pixels += 2 * stride)
                {
                    Vector128<byte> first = Vector128.Load(pixels), second = Vector128.Load(pixels + stride);
                    var left = Avx2.ConvertToVector256Int16(Sse2.UnpackLow(first, second)); // columns 0–7, two taps each
                    var right = Avx2.ConvertToVector256Int16(Sse2.UnpackHigh(first, second)); // columns 8–15
                    var weightHigh = Vector256.Create(high[i]).AsInt16();
                    var weightLow = Vector256.Create(low[i]).AsInt16();
                    highA += Avx2.MultiplyAddAdjacent(left, weightHigh);
                    highB += Avx2.MultiplyAddAdjacent(right, weightHigh);
                    lowA += Avx2.MultiplyAddAdjacent(left, weightLow);
                    lowB += Avx2.MultiplyAddAdjacent(right, weightLow);
                }
                var a = ((highA << ResizeWeights.LowBits) + lowA + half) >> ResizeWeights.FractionBits;
                var b = ((highB << ResizeWeights.LowBits) + lowB + half) >> ResizeWeights.FractionBits;
                // Packing works within 128-bit lanes: 0-3 8-11 | 4-7 12-15 must be put in order.
                var words = Avx2.Permute4x64(Avx2.PackSignedSaturate(a, b).AsInt64(), 0b11_01_10_00).AsInt16();
                Sse2.PackUnsignedSaturate(words.GetLower(), words.GetUpper()).Store(result + x);
            }
        }
    }

    private static int Weight(ResizeWeights weights, int i) => (weights.High[i] << ResizeWeights.LowBits) + weights.Low[i];

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> ResizeWeights.FractionBits, 0, 255);
}
