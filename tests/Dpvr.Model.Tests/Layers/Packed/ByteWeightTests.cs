using Dpvr.Model.Layers;
using Dpvr.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Layers;

public sealed class ByteWeightTests
{
    [Theory, InlineData(48, 80, 1), InlineData(48, 80, 5), InlineData(192, 576, 33), InlineData(768, 2304, 20), InlineData(512, 192, 600)]
    public void Apply_IsWithinWhatRoundingAllows_AndAddsTheResidual(int inputs, int outputs, int rows)
    {
        SkipWithoutByteProducts();
        using var scope = NewDisposeScope();
        Tensor input = Random(1, rows, inputs), weight = Random(2, outputs, inputs), residual = Random(3, rows, outputs);
        using var bytes = ByteWeight.Of(weight);
        var got = bytes.Apply(input.unsqueeze(0), null).squeeze(0);
        // Both sides are rounded to steps of a 127th of their row's largest: half a step each, for every one of the summands at the worst.
        var bound = (input.abs().sum([1], keepdim: true).matmul(weight.abs().amax([1]).unsqueeze(0)) + input.abs().amax([1], keepdim: true).matmul(weight.abs().sum(1).unsqueeze(0))) * (0.5 / 127 * 1.01);
        var error = (got - input.matmul(weight.t())).abs();
        (error <= bound).all().ToBoolean().Should().BeTrue();
        error.pow(2).mean().sqrt().ToDouble().Should().BeLessThan(0.012 * Math.Sqrt(inputs) / 3); // roundings are independent: they add up like a random walk
        (bytes.Apply(input, residual) - residual - got).abs().max().ToDouble().Should().BeLessThan(1e-4);
        bytes.Bytes.Should().Be(ByteWeight.BytesOf(outputs, inputs)).And.BeLessThan(weight.numel() * 4 / 2);
    }

    [Fact]
    public void Apply_OfARow_DoesNotDependOnItsNeighbours()
    {
        SkipWithoutByteProducts();
        using var scope = NewDisposeScope();
        var input = Random(4, 70, 128);
        input[3] *= 1000;
        using var bytes = ByteWeight.Of(Random(5, 192, 128));
        var together = bytes.Apply(input, null);
        foreach (var row in (int[])[0, 3, 69]) (together[row] - bytes.Apply(input.narrow(0, row, 1), null)[0]).abs().max().ToDouble().Should().Be(0);
    }

    [Fact]
    public void Apply_OfNotANumber_IsNotANumberInThatRowAlone()
    {
        SkipWithoutByteProducts();
        using var scope = NewDisposeScope();
        foreach (var (place, wrong) in ((int, float)[])[(0, float.NaN), (45, float.NaN), (66, float.NaN), (12, float.PositiveInfinity)])
        {
            var input = Random(6, 3, 67);
            input[1, place] = wrong;
            using var bytes = ByteWeight.Of(Random(7, 32, 67));
            var got = bytes.Apply(input, null);
            got[1].isfinite().any().ToBoolean().Should().BeFalse();
            got[0].isfinite().all().ToBoolean().Should().BeTrue();
            got[2].isfinite().all().ToBoolean().Should().BeTrue();
        }
    }

    [Fact]
    public void Apply_WithNothingButZeros_IsZero()
    {
        SkipWithoutByteProducts();
        using var scope = NewDisposeScope();
        using var empty = ByteWeight.Of(zeros(64, 64));
        using var full = ByteWeight.Of(Random(8, 64, 64));
        empty.Apply(Random(9, 2, 64), null).abs().max().ToDouble().Should().Be(0);
        full.Apply(zeros(2, 64), null).abs().max().ToDouble().Should().Be(0);
    }

    internal static void SkipWithoutByteProducts() => Assert.SkipUnless(CpuFeatures.ByteProducts && OneDnnBytes.IsAvailable, "this CPU has no products of bytes");

    private static Tensor Random(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed);
        return rand(shape, generator: generator) * 2 - 1;
    }
}
