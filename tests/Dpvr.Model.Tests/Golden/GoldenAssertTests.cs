using TorchSharp;
using Xunit.Sdk;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Golden;

public sealed class GoldenAssertTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Close_WithinTolerance_Passes()
    {
        GoldenAssert.Close(tensor(new[] { 100.0099f, 0.00009f }), tensor(new[] { 100f, 0f }));
        GoldenAssert.Close(empty([0, 3]), empty([0, 3]));
    }

    [Fact]
    public void Close_Outside_NamesTheWorstIndexAndItsValues()
    {
        var got = zeros(2, 3, 4);
        got[0, 1, 1] = 0.5f;
        got[1, 2, 3] = 7f;

        Refusal(got, zeros(2, 3, 4)).Should().Contain("logits: 2 of 24").And.Contain("[1, 2, 3]: got 7, expected 0");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Close_WhenAValueIsNotFinite_IsTheWorst(float value)
    {
        var got = ones(3, 3);
        got[2, 0] = value;
        got[0, 0] = 1000f;

        Refusal(got, zeros(3, 3)).Should().Contain("[2, 0]");
    }

    [Fact]
    public void Close_WhenShapesDiffer_NamesBoth() => Refusal(zeros(2, 3), zeros(3, 2)).Should().Contain("[2, 3]").And.Contain("[3, 2]");

    private static string Refusal(Tensor got, Tensor want) => Assert.Throws<FailException>(() => GoldenAssert.Close(got, want, what: "logits")).Message;

    public void Dispose() => _scope.Dispose();
}
