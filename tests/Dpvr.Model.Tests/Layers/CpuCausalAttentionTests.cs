using Dpvr.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Layers;

public sealed class CpuCausalAttentionTests
{
    [Theory]
    [InlineData(1, 2, 2, 1, 64, ScalarType.Float32), InlineData(2, 4, 2, 77, 64, ScalarType.Float32), InlineData(1, 3, 3, 130, 128, ScalarType.Float32), InlineData(2, 2, 1, 45, 64, ScalarType.BFloat16)]
    public void Apply_EqualsLibtorchsWithAMask(int rows, int heads, int keyHeads, int tokens, int dim, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(5);
        // as the engine has them: tokens outside, heads inside
        Tensor Random(int h) => (rand([rows, tokens, h, dim], generator: generator) * 4 - 2).to(dtype).transpose(1, 2);
        Tensor q = Random(heads), k = Random(keyHeads), v = Random(keyHeads);
        Assert.SkipUnless(CpuCausalAttention.Serves(q), "this CPU has no 512-bit vectors");
        var mask = empty(tokens, tokens).fill_(float.NegativeInfinity).triu(1);
        Tensor Exact(Tensor t) => t.to(ScalarType.Float32);
        var want = Attention.Apply(Exact(q), Exact(k), Exact(v), mask);
        var got = CpuCausalAttention.Apply(q, k, v);
        got.dtype.Should().Be(dtype);
        got.shape.Should().Equal(rows, tokens, heads * dim);
        (Exact(got) - want).abs().max().ToDouble().Should().BeLessThan(dtype == ScalarType.Float32 ? 1e-5 : 2e-2);
    }

    [Theory]
    [InlineData(1, 2, 2, 1, 5), InlineData(2, 4, 2, 77, 36), InlineData(3, 2, 1, 40, 64)]
    public void Apply_BehindWhatAllSee_EqualsTheEndOfTheWhole(int rows, int heads, int keyHeads, int tokens, int before)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(5);
        Tensor Random(int h) => (rand([rows, before + tokens, h, 64], generator: generator) * 4 - 2).transpose(1, 2);
        Tensor q = Random(heads), k = Random(keyHeads), v = Random(keyHeads);
        Assert.SkipUnless(CpuCausalAttention.Serves(q), "this CPU has no 512-bit vectors");
        // What stands before is the same for all rows: one row, seen from each of them.
        foreach (var shared in (Tensor[])[k, v]) shared.narrow(2, 0, before).copy_(shared.narrow(0, 0, 1).narrow(2, 0, before).clone());
        Tensor Past(Tensor t) => t.narrow(0, 0, 1).narrow(2, 0, before).expand(rows, -1, -1, -1);
        Tensor Own(Tensor t) => t.narrow(2, before, tokens);
        var want = CpuCausalAttention.Apply(q, k, v).narrow(1, before, tokens);
        (CpuCausalAttention.Apply(Own(q), Own(k), Own(v), (Past(k), Past(v))) - want).abs().max().ToDouble().Should().BeLessThan(1e-5);
    }

    [Fact]
    public void Serves_OfOddHeads_IsFalse()
    {
        using var q = zeros(1, 1, 4, 40);
        CpuCausalAttention.Serves(q).Should().BeFalse();
    }
}
