using Dpvr.Model.Engine;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Engine;

public sealed class SamplerTests
{
    private static readonly double[] Probabilities = [0.05, 0.4, 0.1, 0.25, 0.2];

    [Fact]
    public void Choose_AtTemperatureZero_TakesTheMostLikelyAndItsLogProbability()
    {
        var (token, logProb, finite) = Draw(new SamplingOptions()).First();
        (token, finite).Should().Be((1, true));
        logProb.Should().BeApproximately((float)Math.Log(0.4), 1e-6f);
    }

    [Fact]
    public void Choose_AtTemperatureOne_DrawsByProbability() => Frequencies(new() { Temperature = 1 }).Should().BeEquivalentTo(Probabilities, Near);

    [Fact]
    public void Choose_AtTemperatureHalf_DrawsBySquaredProbability()
    {
        double[] squares = [.. Probabilities.Select(p => p * p)];
        Frequencies(new() { Temperature = 0.5 }).Should().BeEquivalentTo(squares.Select(s => s / squares.Sum()), Near);
    }

    [Fact]
    public void Choose_WithTopK_DrawsAmongTheMostLikely() =>
        Frequencies(new() { Temperature = 1, TopK = 2 }).Should().BeEquivalentTo([0, 0.4 / 0.65, 0, 0.25 / 0.65, 0], Near);

    [Fact]
    public void Choose_WithTopP_DrawsAmongThoseThatReachIt() =>
        Frequencies(new() { Temperature = 1, TopP = 0.7 }).Should().BeEquivalentTo([0, 0.4 / 0.85, 0, 0.25 / 0.85, 0.2 / 0.85], Near);

    [Fact]
    public void Choose_WithTopKAndTopP_AppliesTopPToWhatTopKLeft() =>
        Frequencies(new() { Temperature = 1, TopK = 3, TopP = 0.4 }).Should().BeEquivalentTo([0, 1.0, 0, 0, 0], Near); // 0.4 / 0.85 > 0.4

    [Fact]
    public void Choose_WithTheSameSeed_DrawsTheSame()
    {
        Draw(new() { Temperature = 1, Seed = 4 }).Take(30).Should().Equal(Draw(new() { Temperature = 1, Seed = 4 }).Take(30));
        Draw(new() { Temperature = 1, Seed = 4 }).Take(30).Should().NotEqual(Draw(new() { Temperature = 1, Seed = 5 }).Take(30));
    }

    [Theory]
    [InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void Choose_WhenALogitIsNotFinite_SaysSoForThatRowAlone(float broken)
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[,] { { 1, 2, 3 }, { 1, broken, 3 } });
        var options = new SamplingOptions { Temperature = 1 };
        Sampler.Choose(logits, [Row(options), Row(options)]).Select(c => c.Finite).Should().Equal(true, false);
        Sampler.Choose(logits, [Row(new()), Row(new())]).Select(c => c.Finite).Should().Equal(true, false);
    }

    private static AwesomeAssertions.Equivalency.EquivalencyOptions<double> Near(AwesomeAssertions.Equivalency.EquivalencyOptions<double> options) =>
        options.WithStrictOrdering().Using<double>(c => c.Subject.Should().BeApproximately(c.Expectation, 0.04)).WhenTypeIs<double>();

    private static double[] Frequencies(SamplingOptions options)
    {
        var counts = new double[Probabilities.Length];
        foreach (var (token, _, _) in Draw(options).Take(2000)) counts[token]++;
        return [.. counts.Select(c => c / 2000)];
    }

    private static IEnumerable<(int Token, float LogProb, bool Finite)> Draw(SamplingOptions options)
    {
        var row = Row(options);
        while (true)
        {
            using var logits = tensor(Probabilities.Select(p => (float)Math.Log(p) + 3).ToArray()).unsqueeze(0);
            yield return Sampler.Choose(logits, [row])[0];
        }
    }

    private static Sequence Row(SamplingOptions options)
    {
        var request = new GenerationRequest { Id = "x", Prompt = [1], Sampling = options };
        return new(request, PromptSplit.Of(request, imageToken: 9, imageTokens: 4), 0);
    }
}
