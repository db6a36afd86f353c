using System.Runtime.Intrinsics;

namespace Dpvr.Model.Layers;

/// <summary>The inner loop of <see cref="NarrowWeight"/>: six rows against 32 outputs, so that all sums stay in registers.</summary>
internal static unsafe class NarrowTile
{
    internal const int Rows = 6, Columns = 2 * Lanes;
    private const int Lanes = 16;

    /// <summary>Rows <paramref name="row"/>… of x (count, in) · a panel (in, 32), with bias and residual where they are not null → these rows of y (count, out).</summary>
    internal static void Run(float* x, float* panels, float* bias, float* residual, float* y, int row, int count, int panel, int inputs, int outputs)
    {
        int rows = Math.Min(Rows, count - row), first = panel * Columns;
        var sums = stackalloc float[Rows * Columns];
        // Where fewer are left, the last is computed again and not kept.
        float* At(int r) => x + (long)(row + Math.Min(r, rows - 1)) * inputs;
        Multiply(At(0), At(1), At(2), At(3), At(4), At(5), panels + (long)panel * inputs * Columns, inputs, sums);
        for (var r = 0; r < rows; r++)
        {
            float* sum = sums + r * Columns, place = y + (long)(row + r) * outputs + first;
            var old = residual is null ? null : residual + (long)(row + r) * outputs + first;
            for (var c = 0; c < Columns; c += Lanes)
            {
                var numbers = Vector512.Load(sum + c);
                if (bias is not null) numbers += Vector512.Load(bias + first + c);
                if (old is not null) numbers += Vector512.Load(old + c);
                numbers.Store(place + c);
            }
        }
    }

    private static void Multiply(float* a, float* b, float* c, float* d, float* e, float* f, float* panel, int inputs, float* sums)
    {
        Vector512<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
        Vector512<float> d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
        for (var i = 0; i < inputs; i++, panel += Columns)
        {
            Vector512<float> left = Vector512.Load(panel), right = Vector512.Load(panel + Lanes);
            var x = Vector512.Create(a[i]);
            a0 = Vector512.FusedMultiplyAdd(x, left, a0);
            a1 = Vector512.FusedMultiplyAdd(x, right, a1);
            x = Vector512.Create(b[i]);
            b0 = Vector512.FusedMultiplyAdd(x, left, b0);
            b1 = Vector512.FusedMultiplyAdd(x, right, b1);
            x = Vector512.Create(c[i]);
            c0 = Vector512.FusedMultiplyAdd(x, left, c0);
            c1 = Vector512.FusedMultiplyAdd(x, right, c1);
            x = Vector512.Create(d[i]);
            d0 = Vector512.FusedMultiplyAdd(x, left, d0);
            d1 = Vector512.FusedMultiplyAdd(x, right, d1);
            x = Vector512.Create(e[i]);
            e0 = Vector512.FusedMultiplyAdd(x, left, e0);
            e1 = Vector512.FusedMultiplyAdd(x, right, e1);
            x = Vector512.Create(f[i]);
            f0 = Vector512.FusedMultiplyAdd(x, left, f0);
            f1 = Vector512.FusedMultiplyAdd(x, right, f1);
        }
        Store(sums, a0, a1);
        Store(sums + Columns, b0, b1);
        Store(sums + 2 * Columns, c0, c1);
        Store(sums + 3 * Columns, d0, d1);
        Store(sums + 4 * Columns, e0, e1);
        Store(sums + 5 * Columns, f0, f1);
    }

    private static void Store(float* place, Vector512<float> left, Vector512<float> right)
    {
        left.Store(place);
        right.Store(place + Lanes);
    }
}
