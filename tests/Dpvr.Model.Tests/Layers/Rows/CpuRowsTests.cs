using Dpvr.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Layers;

/// <summary>Each against libtorch's operations; widths with and without a rest behind whole vectors.</summary>
public sealed class CpuRowsTests
{
    private const double HalfStep = 1.0 / 128; // bfloat16 keeps 8 bits, and a value may be rounded the other way

    [Theory]
    [InlineData(ScalarType.Float32, 5, 8), InlineData(ScalarType.Float32, 3, 100), InlineData(ScalarType.Float32, 300, 768), InlineData(ScalarType.BFloat16, 4, 72), InlineData(ScalarType.BFloat16, 300, 768)]
    public void Norm_EqualsLibtorchs(ScalarType dtype, int rows, int width)
    {
        using var scope = NewDisposeScope();
        Tensor input = Random(dtype, 2, rows, width), weight = Random(dtype, width);
        var exact = input.to(ScalarType.Float32);
        var want = (exact * (exact.pow(2).mean([-1], keepdim: true) + 1e-5).rsqrt()).to(dtype) * weight;
        var got = CpuRows.Norm(input, weight, 1e-5f);
        got.shape.Should().Equal(2, rows, width);
        Near(got, want);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 5, 8), InlineData(ScalarType.Float32, 3, 100), InlineData(ScalarType.Float32, 200, 2048), InlineData(ScalarType.BFloat16, 4, 72), InlineData(ScalarType.BFloat16, 200, 2048)]
    public void Gate_EqualsLibtorchs(ScalarType dtype, int rows, int width)
    {
        using var scope = NewDisposeScope();
        var input = Random(dtype, 2, rows, 2 * width).mul(30);
        var got = CpuRows.Gate(input);
        got.shape.Should().Equal(2, rows, width);
        Near(got, nn.functional.silu(input.narrow(-1, 0, width)) * input.narrow(-1, width, width));
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1, 5, 8, 1), InlineData(ScalarType.Float32, 3, 40, 64, 1), InlineData(ScalarType.Float32, 3, 40, 128, 3), InlineData(ScalarType.Float32, 2, 7, 40, 2), InlineData(ScalarType.BFloat16, 3, 40, 64, 1)]
    public void Rotate_EqualsRotarysOperations_AndLeavesTheOtherHeads(ScalarType dtype, int rows, int tokens, int dim, int positionRows)
    {
        using var scope = NewDisposeScope();
        const int heads = 5, turned = 3;
        using var rotary = new Rotary(dim, 10000, 300, new Placement(CPU, dtype));
        var positions = randint(300, [positionRows, tokens], ScalarType.Int64);
        var rope = rotary.At(positions);
        var projected = Random(dtype, rows, tokens, heads * dim);
        var split = projected.clone().view(rows, tokens, heads, dim).transpose(1, 2);
        var want = cat([Rotary.Apply(split.narrow(1, 0, turned), rope), split.narrow(1, turned, heads - turned)], 1);
        CpuRows.Rotate(projected, turned, dim, rope);
        Near(projected.view(rows, tokens, heads, dim).transpose(1, 2), want);
    }

    [Fact]
    public void Norm_OfNotANumber_IsNotANumber()
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.BFloat16])
        {
            var input = Random(dtype, 1, 64);
            input[0, 17] = float.NaN;
            CpuRows.Norm(input, ones(64, dtype: dtype), 1e-5f).isnan().all().ToBoolean().Should().BeTrue();
        }
    }

    [Fact]
    public void Serves_WhereAGradientIsWanted_IsFalse()
    {
        using var scope = NewDisposeScope();
        var input = zeros(2, 32);
        CpuRows.Serves(input).Should().BeTrue();
        CpuRows.Serves(input.t()).Should().BeFalse();
        CpuRows.Serves(input.requires_grad_(true)).Should().BeFalse();
    }

    private static Tensor Random(ScalarType dtype, params long[] shape)
    {
        using var generator = new Generator(11);
        return (rand(shape, generator: generator) * 2 - 1).to(dtype);
    }

    private static void Near(Tensor got, Tensor want)
    {
        got.dtype.Should().Be(want.dtype);
        var half = got.dtype == ScalarType.BFloat16;
        Tensor a = got.to(ScalarType.Float32), b = want.to(ScalarType.Float32);
        ((a - b).abs() / (b.abs() + (half ? 0.1 : 1))).max().ToDouble().Should().BeLessThan(half ? HalfStep * 1.01 : 2e-6);
    }
}
