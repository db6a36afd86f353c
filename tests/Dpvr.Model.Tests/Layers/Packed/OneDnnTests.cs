using Dpvr.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Layers;

public sealed class OneDnnTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 48, 80, false, 1e-5), InlineData(ScalarType.Float32, 128, 192, true, 1e-5), InlineData(ScalarType.BFloat16, 64, 128, true, 2e-2)]
    public void Linear_PackedOrPlain_EqualsLibtorchsProduct(ScalarType dtype, int inputs, int outputs, bool withBias, double tolerance)
    {
        Assert.SkipUnless(OneDnn.IsAvailable, "this libtorch lacks the functions");
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var generator = new Generator(3);
        Tensor Random(params long[] shape) => (rand(shape, generator: generator) - 0.5).to(dtype);
        Tensor input = Random(2, 7, inputs), weight = Random(outputs, inputs);
        var bias = withBias ? Random(outputs) : null;
        var want = nn.functional.linear(input, weight, bias).to(ScalarType.Float32);
        foreach (var form in (Tensor[])[weight, OneDnn.Pack(weight) ?? weight])
        {
            var got = OneDnn.Linear(input, form, bias);
            got.shape.Should().Equal(2, 7, outputs);
            (got.to(ScalarType.Float32) - want).abs().max().ToDouble().Should().BeLessThan(tolerance);
        }
        OneDnn.Linear(input.narrow(1, 2, 3), weight.narrow(0, 16, 32), null).shape.Should().Equal(2, 3, 32);
    }

    [Fact]
    public void Pack_OfAShapeThatItsLayoutsDoNotFit_Declines()
    {
        Assert.SkipUnless(OneDnn.IsAvailable, "this libtorch lacks the functions");
        using var weight = rand(80, 48);
        OneDnn.Pack(weight).Should().BeNull();
    }

    [Fact]
    public void Serves_InTraining_IsFalse() =>
        OneDnn.Serves(new Placement(CPU, ScalarType.Float32, Compute: ScalarType.BFloat16)).Should().BeFalse();
}
