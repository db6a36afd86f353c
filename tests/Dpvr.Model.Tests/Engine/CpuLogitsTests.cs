using Dpvr.Model.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Engine;

public sealed class CpuLogitsTests
{
    [Theory, InlineData(ScalarType.Float32, 96), InlineData(ScalarType.Float32, 1003), InlineData(ScalarType.BFloat16, 1003)]
    public void Read_GivesWhatLibtorchDoes(ScalarType dtype, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var logits = (rand([9, width], generator: generator) * 20 - 10).to(dtype);
        var exact = logits.to(ScalarType.Float32);
        var (best, likelihoods) = (exact.argmax(-1).data<long>().ToArray(), exact.log_softmax(-1));
        var rows = CpuLogits.Read(logits);
        rows.Should().HaveCount(9);
        for (var r = 0; r < rows.Length; r++)
        {
            exact[r, rows[r].Best].ToSingle().Should().Be(exact[r, best[r]].ToSingle());
            (-rows[r].LogSum).Should().BeApproximately(likelihoods[r, rows[r].Best].ToSingle(), 1e-5f);
            rows[r].Finite.Should().BeTrue();
        }
    }

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void Read_OfARowWithANumberThatIsNotFinite_SaysSoOfThatRowAlone(float wrong)
    {
        using var scope = NewDisposeScope();
        foreach (var place in (int[])[0, 40, 99])
        {
            var logits = zeros(2, 100);
            logits[1, place] = wrong;
            CpuLogits.Read(logits).Select(r => r.Finite).Should().Equal(true, false);
        }
    }

    [Fact]
    public void Read_OfEqualLogits_ChoosesTheFirst()
    {
        using var logits = zeros(1, 100);
        logits[0, 37] = logits[0, 70] = 3f;
        CpuLogits.Read(logits)[0].Best.Should().Be(37);
    }
}
