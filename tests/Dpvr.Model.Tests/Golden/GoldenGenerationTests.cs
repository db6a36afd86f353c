using Dpvr.Model.Engine;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Golden;

/// <summary>Greedy generation of every case through the engine: all rows of a case in one batch, and each on its own.</summary>
public sealed class GoldenGenerationTests
{
    public static TheoryData<string, string, string> Runs => GoldenFolder.Runs();

    public static TheoryData<string, string> IdentityCases => GoldenLlava.IdentityCases();

    [Theory, MemberData(nameof(Runs))]
    public void Step_WhenRunOnACase_GivesTheReferenceTokensAndLogProbabilities(string model, string name, string variant)
    {
        var golden = GoldenFolder.Model(model).Case(name);
        using var llava = golden.Model.Load(variant, packed: true);
        Check(llava, golden, variant);
    }

    [Theory, MemberData(nameof(IdentityCases))]
    public void Step_WithAnIdentitySideBranch_GeneratesWhatDenseDoes(string model, string name)
    {
        var golden = GoldenFolder.Model(model).Case(name);
        using var llava = golden.Model.LoadIdentity(packed: true);
        Check(llava, golden, "dense");
    }

    private static void Check(LlavaModel llava, GoldenCase golden, string variant)
    {
        using var scope = NewDisposeScope();
        using var want = golden.Open(variant);
        golden.Generated(variant).Should().AllSatisfy(row => row.Should().HaveCount(golden.Model.NewTokens));
        foreach (var compact in (bool[])[true, false])
            foreach (var slots in (int[])[golden.Rows.Count, 1])
            {
                Compare(llava, golden, slots, compact, StopRules.None, golden.Generated(variant), want.Read("generated_logprobs"));
                Compare(llava, golden, slots, compact, new([golden.EosTokenId(variant)]), golden.GeneratedEos(variant), want.Read("generated_eos_logprobs"));
            }
    }

    private static void Compare(LlavaModel llava, GoldenCase golden, int slots, bool compact, StopRules stop, int[][] tokens, Tensor logProbs)
    {
        int count = golden.Model.NewTokens, images = golden.Rows.Max(r => r.Images.Length), text = golden.Rows.Max(r => r.IdsCompact.Length) + count;
        using var engine = new GenerationEngine(llava, new() { Slots = slots, MaxImages = images, MaxTextTokens = text });
        foreach (var request in golden.Requests(count, compact, stop)) engine.Submit(request);
        var results = new List<GenerationResult>();
        while (engine.HasWork) results.AddRange(engine.Step());

        results.Should().HaveCount(golden.Rows.Count);
        for (var row = 0; row < golden.Rows.Count; row++)
        {
            var result = results.Single(r => r.Id == $"row {row}");
            result.Tokens.Should().Equal(tokens[row], because: result.Id);
            result.Finish.Should().Be(stop.TokenIds.Contains(result.Tokens[^1]) ? FinishReason.Stop : FinishReason.Length);
            GoldenAssert.Close(tensor(result.LogProbs.ToArray()), logProbs[row].narrow(0, 0, tokens[row].Length), what: $"log-probabilities of {result.Id}");
        }
    }
}
