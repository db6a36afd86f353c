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

        Tensor g = got.detach().to(float64, CPU), w = want.detach().to(float64, CPU);
        // The allowance used up, 1 at the edge of the tolerance; NaN and infinities count as the worst.
        var used = ((g - w).abs() / (w.abs() * rtol + Math.Max(atol, double.Epsilon))).nan_to_num(double.MaxValue, double.MaxValue).flatten();
        var worst = used.argmax().item<long>();
        if (used[worst].item<double>() <= 1) return;

        var index = new long[want.shape.Length];
        for (var (d, rest) = (index.Length - 1, worst); d >= 0; rest /= want.shape[d], d--) index[d] = rest % want.shape[d];
        double a = g.flatten()[worst].item<double>(), b = w.flatten()[worst].item<double>();
        var outside = used.gt(1).sum().item<long>();
        Assert.Fail(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {outside} of {want.numel()} values are outside rtol {rtol}, atol {atol}; worst at [{string.Join(", ", index)}]: got {a:G9}, expected {b:G9}."));
    }
}
