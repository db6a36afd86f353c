using Dpvr.Model.Engine;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Golden;

/// <summary>Greedy generation of every case through the engine: all rows of a case in one batch, and each on its own.</summary>
public sealed class GoldenGenerationTests
{
    public static TheoryData<string, string, string> Cases => [.. GoldenFolder.Cases.Select(c => new TheoryDataRow<string, string, string>(c.Model, c.Routing, c.Case))];

    public static TheoryData<string, string> IdentityCases => GoldenStageTests.IdentityCases;

    [Theory, MemberData(nameof(Cases))]
    public void Step_WhenRunOnACase_GivesTheReferenceTokensAndLogProbabilities(string model, string routing, string name) => Check(model, routing, routing, name);

    [Theory, MemberData(nameof(IdentityCases))]
    public void Step_WithAnIdentitySideBranch_GeneratesWhatDenseDoes(string model, string name) => Check(model, "identity", "dense", name);

    private static void Check(string model, string routing, string reference, string name)
    {
        using var scope = NewDisposeScope();
        using var llava = GoldenModel.Load(model, routing);
        using var golden = new GoldenCase(model, reference, name);
        foreach (var compact in (bool[])[true, false])
            foreach (var slots in (int[])[golden.Rows.Count, 1])
            {
                Compare(llava, golden, "generated", slots, compact, StopRules.None, lengths: null);
                Compare(llava, golden, "generated_eos", slots, compact, new([golden.EosTokenId]), golden.EosLengths);
            }
    }

    private static void Compare(LlavaModel llava, GoldenCase golden, string stage, int slots, bool compact, StopRules stop, IReadOnlyList<int>? lengths)
    {
        Tensor tokens = golden.Stages.Read(stage), logProbs = golden.Stages.Read(stage + "_logprobs");
        var width = (int)tokens.shape[1];
        var count = (int)golden.Stages.Tensors["generated"].Shape[1];
        int images = golden.Rows.Select((_, r) => golden.Images(r).Count).Max(), text = golden.Prompts(compact: true).Max(p => p.Count) + count;
        using var engine = new GenerationEngine(llava, new() { Slots = slots, MaxImages = images, MaxTextTokens = text });
        for (var row = 0; row < golden.Rows.Count; row++) engine.Submit(golden.Request(row, count, compact, stop));
        var results = new List<GenerationResult>();
        while (engine.HasWork) results.AddRange(engine.Step());

        results.Should().HaveCount(golden.Rows.Count);
        for (var row = 0; row < golden.Rows.Count; row++)
        {
            var result = results.Single(r => r.Id == $"row {row}");
            var length = lengths?[row] ?? width;
            result.Finish.Should().Be(lengths is not null && result.Tokens[^1] == golden.EosTokenId ? FinishReason.Stop : FinishReason.Length);
            result.Tokens.Concat(Enumerable.Repeat(golden.Pad, width - length)).Should().Equal(tokens[row].data<long>().Select(t => (int)t), because: $"row {row} of {stage}");
            GoldenAssert.Near(tensor(result.LogProbs.ToArray()), logProbs[row].narrow(0, 0, length), $"{stage}_logprobs of row {row}");
        }
    }
}
