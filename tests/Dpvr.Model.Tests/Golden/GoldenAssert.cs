using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Golden;

internal static class GoldenAssert
{
    /// <summary>|got − want| ≤ atol + rtol·|want| at every index, no NaN; a failure names the worst index and its values.</summary>
    internal static void Close(Tensor got, Tensor want, double rtol = 1e-4, double atol = 1e-4, string what = "tensor")
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        if (!got.shape.SequenceEqual(want.shape))
            Assert.Fail($"{what}: shape [{string.Join(", ", got.shape)}], expected [{string.Join(", ", want.shape)}].");
        if (want.numel() == 0) return;

        // On the host: tensor arithmetic with numbers is what is under test elsewhere (see Scalars).
        double[] g = Host(got), w = Host(want);
        var (worst, most, outside) = (0, -1.0, 0);
        for (var i = 0; i < w.Length; i++)
        {
            var used = Math.Abs(g[i] - w[i]) / Math.Max(atol + Math.Abs(w[i]) * rtol, double.Epsilon); // 1 at the edge of the tolerance
            if (!double.IsFinite(used)) used = double.MaxValue;
            if (used > 1) outside++;
            if (used > most) (worst, most) = (i, used);
        }
        if (outside == 0) return;

        var index = new long[want.shape.Length];
        for (var (d, rest) = (index.Length - 1, (long)worst); d >= 0; rest /= want.shape[d], d--) index[d] = rest % want.shape[d];
        double a = g[worst], b = w[worst];
        Assert.Fail(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {outside} of {w.Length} values are outside rtol {rtol}, atol {atol}; worst at [{string.Join(", ", index)}]: got {a:G9}, expected {b:G9}."));
    }

    private static double[] Host(Tensor tensor) => tensor.detach().to(ScalarType.Float64, CPU, copy: true).contiguous().data<double>().ToArray();
}
