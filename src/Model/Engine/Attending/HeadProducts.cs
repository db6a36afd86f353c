using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dpvr.Model.Engine;

/// <summary>
/// A few queries against many keys, and their weights against as many values. What a query gets is summed in one order, however many others
/// there are, so that a caption does not depend on its neighbours.
/// </summary>
internal static unsafe class HeadProducts<TNumbers>
    where TNumbers : struct, IStoredNumbers
{
    private const int Block = 32; // tokens whose keys stay in the first-level cache while all queries pass over them
    private const int Lanes = 16, Wide = 8, Together = 4;
    private const int Line = 64;

    /// <summary>queries (n, Dh) · keys (count, Dh) → scores (n, count)</summary>
    internal static void Scores(float* queries, int n, int dim, byte* keys, int keyStride, int count, float* scores, int scoreStride)
    {
        for (var begin = 0; begin < count; begin += Block)
        {
            var end = Math.Min(count, begin + Block);
            Fetch(keys, keyStride, dim, end, Math.Min(count, end + Block));
            for (var q = 0; q < n; q++)
            {
                float* query = queries + (long)q * dim, score = scores + (long)q * scoreStride;
                for (var j = begin; j < end; j += Together)
                {
                    var key = keys + (long)j * keyStride * TNumbers.Size;
                    var step = (long)keyStride * TNumbers.Size;
                    if (j + Together <= end) Four(query, key, key + step, key + 2 * step, key + 3 * step, dim).Store(score + j);
                    else for (var k = j; k < end; k++, key += step) score[k] = Four(query, key, key, key, key, dim).ToScalar();
                }
            }
        }
    }

    /// <summary>output (n, Dh) += weights (n, count) · values (count, Dh)</summary>
    internal static void Values(float* output, int n, int dim, byte* values, int valueStride, int count, float* weights, int weightStride)
    {
        for (var begin = 0; begin < count; begin += Block)
        {
            var end = Math.Min(count, begin + Block);
            Fetch(values, valueStride, dim, end, Math.Min(count, end + Block));
            for (var q = 0; q < n; q += 2)
            {
                float* row = output + (long)q * dim, weight = weights + (long)q * weightStride;
                // A query without a second does the same sums twice, of which the second is nobody's.
                float* other = q + 1 < n ? row + dim : row, otherWeight = q + 1 < n ? weight + weightStride : weight;
                var i = 0;
                if (Vector512.IsHardwareAccelerated) for (; i + 4 * Lanes <= dim; i += 4 * Lanes) Weigh(row + i, other + i, values + (long)i * TNumbers.Size, valueStride, weight, otherWeight, begin, end);
                for (; i < dim; i += Wide)
                {
                    Vector256<float> a = Vector256.Load(row + i), b = Vector256.Load(other + i);
                    for (var j = begin; j < end; j++)
                    {
                        var value = TNumbers.Load(values + ((long)j * valueStride + i) * TNumbers.Size);
                        a = Vector256.FusedMultiplyAdd(Vector256.Create(weight[j]), value, a);
                        b = Vector256.FusedMultiplyAdd(Vector256.Create(otherWeight[j]), value, b);
                    }
                    a.Store(row + i);
                    b.Store(other + i);
                }
            }
        }
    }

    // Two rows (64 of Dh) += their weights · values: eight sums in registers.
    private static void Weigh(float* row, float* other, byte* values, int stride, float* weight, float* otherWeight, int begin, int end)
    {
        Vector512<float> a0 = Vector512.Load(row), a1 = Vector512.Load(row + Lanes), a2 = Vector512.Load(row + 2 * Lanes), a3 = Vector512.Load(row + 3 * Lanes);
        Vector512<float> b0 = Vector512.Load(other), b1 = Vector512.Load(other + Lanes), b2 = Vector512.Load(other + 2 * Lanes), b3 = Vector512.Load(other + 3 * Lanes);
        for (var j = begin; j < end; j++)
        {
            var value = values + (long)j * stride * TNumbers.Size;
            Vector512<float> v0 = TNumbers.LoadWide(value), v1 = TNumbers.LoadWide(value + Lanes * TNumbers.Size);
            Vector512<float> v2 = TNumbers.LoadWide(value + 2 * Lanes * TNumbers.Size), v3 = TNumbers.LoadWide(value + 3 * Lanes * TNumbers.Size);
            Vector512<float> first = Vector512.Create(weight[j]), second = Vector512.Create(otherWeight[j]);
            a0 = Vector512.FusedMultiplyAdd(first, v0, a0);
            a1 = Vector512.FusedMultiplyAdd(first, v1, a1);
            a2 = Vector512.FusedMultiplyAdd(first, v2, a2);
            a3 = Vector512.FusedMultiplyAdd(first, v3, a3);
            b0 = Vector512.FusedMultiplyAdd(second, v0, b0);
            b1 = Vector512.FusedMultiplyAdd(second, v1, b1);
            b2 = Vector512.FusedMultiplyAdd(second, v2, b2);
            b3 = Vector512.FusedMultiplyAdd(second, v3, b3);
        }
        Store(row, a0, a1, a2, a3);
        Store(other, b0, b1, b2, b3);
    }

    private static void Store(float* row, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        a.Store(row);
        b.Store(row + Lanes);
        c.Store(row + 2 * Lanes);
        d.Store(row + 3 * Lanes);
    }

    // query (Dh) · four keys (Dh): their sums side by side.
    private static Vector128<float> Four(float* query, byte* key0, byte* key1, byte* key2, byte* key3, int dim)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        var i = 0;
        if (Vector512.IsHardwareAccelerated && dim >= Lanes)
        {
            Vector512<float> wa = default, wb = default, wc = default, wd = default;
            for (; i + Lanes <= dim; i += Lanes)
            {
                var part = Vector512.Load(query + i);
                wa = Vector512.FusedMultiplyAdd(part, TNumbers.LoadWide(key0 + i * TNumbers.Size), wa);
                wb = Vector512.FusedMultiplyAdd(part, TNumbers.LoadWide(key1 + i * TNumbers.Size), wb);
                wc = Vector512.FusedMultiplyAdd(part, TNumbers.LoadWide(key2 + i * TNumbers.Size), wc);
                wd = Vector512.FusedMultiplyAdd(part, TNumbers.LoadWide(key3 + i * TNumbers.Size), wd);
            }
            (a, b, c, d) = (wa.GetLower() + wa.GetUpper(), wb.GetLower() + wb.GetUpper(), wc.GetLower() + wc.GetUpper(), wd.GetLower() + wd.GetUpper());
        }
        for (; i < dim; i += Wide)
        {
            var part = Vector256.Load(query + i);
            a = Vector256.FusedMultiplyAdd(part, TNumbers.Load(key0 + i * TNumbers.Size), a);
            b = Vector256.FusedMultiplyAdd(part, TNumbers.Load(key1 + i * TNumbers.Size), b);
            c = Vector256.FusedMultiplyAdd(part, TNumbers.Load(key2 + i * TNumbers.Size), c);
            d = Vector256.FusedMultiplyAdd(part, TNumbers.Load(key3 + i * TNumbers.Size), d);
        }
        return Sums(a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper(), c.GetLower() + c.GetUpper(), d.GetLower() + d.GetUpper());
    }

    private static Vector128<float> Sums(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) => Sse3.IsSupported
        ? Sse3.HorizontalAdd(Sse3.HorizontalAdd(a, b), Sse3.HorizontalAdd(c, d))
        : Vector128.Create(Vector128.Sum(a), Vector128.Sum(b), Vector128.Sum(c), Vector128.Sum(d));

    // The next block's lines are on their way while this one is computed: processors' own prefetching ends with the page.
    private static void Fetch(byte* numbers, int stride, int dim, int begin, int end)
    {
        if (!Sse.IsSupported) return;
        for (var j = begin; j < end; j++)
            for (var line = 0; line < dim * TNumbers.Size; line += Line)
                Sse.Prefetch0(numbers + (long)j * stride * TNumbers.Size + line);
    }
}
