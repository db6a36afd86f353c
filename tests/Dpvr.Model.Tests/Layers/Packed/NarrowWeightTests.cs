using Dpvr.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Layers;

public sealed class NarrowWeightTests
{
    [Theory]
    [InlineData(1, 480, 160), InlineData(5, 160, 416), InlineData(6, 64, 33), InlineData(7, 32, 48), InlineData(33, 96, 7), InlineData(700, 96, 1024)]
    public void Apply_EqualsLibtorchs_WithAndWithoutBiasAndResidual(int rows, int outputs, int inputs)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        Tensor Random(params long[] shape) => randn(shape, generator: generator);
        var (weight, bias, input, residual) = (Random(outputs, inputs), Random(outputs), Random(2, rows, inputs), Random(2, rows, outputs));
        using var plain = Of(weight, null);
        using var biased = Of(weight, bias.clone().DetachFromDisposeScope());

        Near(plain.Apply(input, null), nn.functional.linear(input, weight));
        Near(plain.Apply(input, residual), residual + nn.functional.linear(input, weight));
        Near(biased.Apply(input, null), nn.functional.linear(input, weight, bias));
        Near(biased.Apply(input, residual), residual + nn.functional.linear(input, weight, bias));
        Near(plain.Apply(input.transpose(0, 1), null), nn.functional.linear(input.transpose(0, 1), weight));
    }

    [Fact]
    public void Apply_OfOneRow_IsWhatItIsAmongMany()
    {
        using var scope = NewDisposeScope();
        using var weight = Of(randn(480, 160), null);
        var input = randn(700, 160);
        var all = weight.Apply(input, null);
        foreach (var row in (int[])[0, 1, 5, 6, 345, 699]) weight.Apply(input.narrow(0, row, 1), null).equal(all.narrow(0, row, 1)).all().ToBoolean().Should().BeTrue();
    }

    [Fact]
    public void Of_WhatOthersServeBetter_IsNull()
    {
        using var scope = NewDisposeScope();
        NarrowWeight.Of(zeros(96, 1025), null).Should().BeNull("a panel of it fits no near cache");
        NarrowWeight.Of(zeros(80, 48), null).Should().BeNull("it gives no whole panels");
        NarrowWeight.Of(zeros([96, 48], dtype: ScalarType.BFloat16), null).Should().BeNull("it computes in float32");
    }

    [Fact]
    public void PackedWeight_OfAShapeWithoutALayout_IsNarrow()
    {
        Assert.SkipUnless(OneDnn.Serves(Placement.Cpu), "this CPU has no 512-bit vectors");
        using var scope = NewDisposeScope();
        PackedWeight.Of(randn(480, 160), null, cut: 160, Placement.Cpu with { Packed = true }).Should().AllBeOfType<NarrowWeight>().And.HaveCount(2);
    }

    private static NarrowWeight Of(Tensor weight, Tensor? bias)
    {
        var narrow = NarrowWeight.Of(weight, bias);
        Assert.SkipWhen(narrow is null, "this CPU has no 512-bit vectors");
        return narrow;
    }

    private static void Near(Tensor got, Tensor want)
    {
        got.shape.Should().Equal(want.shape);
        (got - want).abs().max().ToDouble().Should().BeLessThan(1e-3);
    }
}
