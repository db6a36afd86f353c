using System.Runtime.Intrinsics;

namespace Dpvr.Model.Layers;

/// <summary>Rows of float32 to bytes and back.</summary>
internal static unsafe class ByteKernels
{
    internal const int Middle = 128, Most = 127; // oneDNN's fast products take unsigned bytes: 0 stands in the middle
    private const int Lanes = 16;

    /// <summary>A row as bytes around <see cref="Middle"/>; what a step of them is worth.</summary>
    internal static float Quantise(float* row, byte* output, int width)
    {
        Vector512<float> peak = default;
        var i = 0;
        // Not the largest alone: NaN goes through the sum, so that a row with one is NaN in the end.
        for (; i + Lanes <= width; i += Lanes) peak = Larger(peak, Vector512.Abs(Vector512.Load(row + i)));
        var largest = 0f;
        for (var lane = 0; lane < Lanes; lane++) largest = Larger(largest, peak[lane]);
        for (; i < width; i++) largest = Larger(largest, MathF.Abs(row[i]));

        var step = largest / Most;
        var inverse = float.IsFinite(largest) && largest > float.Epsilon * Most ? Most / largest : 0;
        var (factor, middle) = (Vector512.Create(inverse), Vector512.Create((float)Middle));
        for (i = 0; i + Lanes <= width; i += Lanes)
        {
            var bytes = Vector512.ConvertToInt32(Vector512.Round(Vector512.FusedMultiplyAdd(Vector512.Load(row + i), factor, middle))).AsUInt32();
            var words = Vector256.Narrow(bytes.GetLower(), bytes.GetUpper());
            Vector128.Narrow(words.GetLower(), words.GetUpper()).Store(output + i);
        }
        for (; i < width; i++) output[i] = (byte)(int)MathF.Round(MathF.FusedMultiplyAdd(row[i], inverse, Middle));
        return step;
    }

    /// <summary>row × step (+ residual), in place.</summary>
    internal static void Scale(float* row, float step, float* residual, int width)
    {
        var (steps, i) = (Vector512.Create(step), 0);
        if (residual is null)
        {
            for (; i + Lanes <= width; i += Lanes) (Vector512.Load(row + i) * steps).Store(row + i);
            for (; i < width; i++) row[i] *= step;
            return;
        }
        for (; i + Lanes <= width; i += Lanes) Vector512.FusedMultiplyAdd(Vector512.Load(row + i), steps, Vector512.Load(residual + i)).Store(row + i);
        for (; i < width; i++) row[i] = MathF.FusedMultiplyAdd(row[i], step, residual[i]);
    }

    /// <summary>The larger of two, or NaN when one is; a NaN in <paramref name="b"/> compares false and is taken.</summary>
    private static Vector512<float> Larger(Vector512<float> a, Vector512<float> b) =>
        Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(a, b) | ~Vector512.Equals(a, a), a, b);

    private static float Larger(float a, float b) => a >= b || float.IsNaN(a) ? a : b;
}
