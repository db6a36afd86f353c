using System.Runtime.Intrinsics;

namespace Dpvr.Model.Layers;

/// <summary>What happens to a token between products, a row at a time: a row stays in the first-level cache, which libtorch's operations, one after the other, write and read again.</summary>
internal static unsafe class RowKernels<T>
    where T : struct, IRowNumbers
{
    private const int Lanes = 16;

    /// <summary>row ÷ sqrt(mean of squares + epsilon) × weight, rounded before the weight comes, as LLaMA does.</summary>
    internal static void Norm(byte* row, byte* weight, byte* output, int width, float epsilon)
    {
        Vector512<float> a = default, b = default;
        var i = 0;
        for (; i + 2 * Lanes <= width; i += 2 * Lanes)
        {
            Vector512<float> x = T.Load(row + i * T.Size), y = T.Load(row + (i + Lanes) * T.Size);
            a = Vector512.FusedMultiplyAdd(x, x, a);
            b = Vector512.FusedMultiplyAdd(y, y, b);
        }
        var squares = Vector512.Sum(a + b);
        for (; i < width; i++) squares += T.LoadOne(row + i * T.Size) * T.LoadOne(row + i * T.Size);
        var scale = 1 / MathF.Sqrt(squares / width + epsilon);
        var scales = Vector512.Create(scale);
        for (i = 0; i + Lanes <= width; i += Lanes)
            T.Store(output + i * T.Size, T.Round(T.Load(row + i * T.Size) * scales) * T.Load(weight + i * T.Size));
        for (; i < width; i++)
        {
            T.StoreOne(output + i * T.Size, T.LoadOne(row + i * T.Size) * scale);
            T.StoreOne(output + i * T.Size, T.LoadOne(output + i * T.Size) * T.LoadOne(weight + i * T.Size));
        }
    }

    /// <summary>A row (2 · width) of gates and values → silu(gate) × value (width).</summary>
    internal static void Gate(byte* row, byte* output, int width)
    {
        byte* values = row + (long)width * T.Size;
        var i = 0;
        for (; i + Lanes <= width; i += Lanes)
        {
            var gate = T.Load(row + i * T.Size);
            T.Store(output + i * T.Size, T.Round(gate / (Vector512<float>.One + Vector512.Exp(-gate))) * T.Load(values + i * T.Size));
        }
        for (; i < width; i++)
        {
            var gate = T.LoadOne(row + i * T.Size);
            T.StoreOne(output + i * T.Size, gate / (1 + MathF.Exp(-gate)));
            T.StoreOne(output + i * T.Size, T.LoadOne(output + i * T.Size) * T.LoadOne(values + i * T.Size));
        }
    }

    /// <summary>Heads (count, dim) turned in place by cosines and sines (dim) of <see cref="Rotary"/>, whose first half of sines is negated.</summary>
    internal static void Rotate(byte* heads, int count, int dim, byte* cosine, byte* sine)
    {
        int half = dim / 2, size = T.Size;
        for (var head = 0; head < count; head++, heads += dim * size)
        {
            byte* upper = heads + half * size;
            var i = 0;
            for (; i + Lanes <= half; i += Lanes)
            {
                Vector512<float> x = T.Load(heads + i * size), y = T.Load(upper + i * size);
                T.Store(heads + i * size, Vector512.FusedMultiplyAdd(y, T.Load(sine + i * size), T.Round(x * T.Load(cosine + i * size))));
                T.Store(upper + i * size, Vector512.FusedMultiplyAdd(x, T.Load(sine + (half + i) * size), T.Round(y * T.Load(cosine + (half + i) * size))));
            }
            for (; i < half; i++)
            {
                float x = T.LoadOne(heads + i * size), y = T.LoadOne(upper + i * size);
                T.StoreOne(heads + i * size, x * T.LoadOne(cosine + i * size) + y * T.LoadOne(sine + i * size));
                T.StoreOne(upper + i * size, y * T.LoadOne(cosine + (half + i) * size) + x * T.LoadOne(sine + (half + i) * size));
            }
        }
    }
}
