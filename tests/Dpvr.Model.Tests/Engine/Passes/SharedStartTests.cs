using Dpvr.Model.Engine;

namespace Dpvr.Model.Tests.Engine;

public sealed class SharedStartTests
{
    private const int Images = 8, Start = 20;

    private static EngineOptions Options { get; } = new() { Slots = Images, MaxImages = 2, MaxTextTokens = 48, PrefillBatch = Images, MaxPrefixText = 40 };

    public static TheoryData<string, bool> Routings =>
        [.. from routing in GenerationEngineTests.Routings.Select(static r => r.Data) from portable in (bool[])[false, true] select (routing, portable)];

    [Theory, MemberData(nameof(Routings))]
    public void Step_WhenPromptsBeginWithTheSameText_GivesWhatEachGivesAlone(string routing, bool portable)
    {
        using var model = TinyModel.Create(routing);
        var options = Options with { PortableAttention = portable };
        // Some with two images, with text between them, with nothing behind them; and some whose start is their own.
        GenerationRequest[] requests = [.. Enumerable.Range(0, 24).Select(i => Request(i, start: i % 6 == 5 ? i : 0, Start, two: i % 3 == 1, between: i % 2, behind: i % 4 == 3 ? 0 : 5))];
        var together = TinyModel.Run(model, options, requests).ToDictionary(static r => r.Id);
        foreach (var request in requests)
        {
            var alone = TinyModel.Run(model, options with { Slots = 1 }, request).Single();
            together[request.Id].Tokens.Should().Equal(alone.Tokens, because: request.Id);
            GenerationEngineTests.Near(together[request.Id].LogProbs, alone.LogProbs);
        }
    }

    [Fact]
    public void Step_WhenTwoStartsTakeTurns_GivesEachItsOwn()
    {
        using var model = TinyModel.Create("dpvr-lf");
        GenerationRequest[] requests = [.. Enumerable.Range(0, 12).Select(i => Request(i, start: i / 2 % 2, Start))];
        var together = TinyModel.Run(model, Options with { PrefillBatch = 4 }, requests).ToDictionary(static r => r.Id);
        foreach (var request in requests)
            together[request.Id].Tokens.Should().Equal(TinyModel.Run(model, Options, request).Single().Tokens, because: request.Id);
    }

    [Theory, InlineData("dense"), InlineData("withdraw"), InlineData("dpvr-lf")]
    public void Step_WhenPromptsBeginWithTheSameText_ComputesItOnce(string routing)
    {
        using var model = TinyModel.Create(routing);
        double Flops(int length, bool same)
        {
            using var engine = new GenerationEngine(model, Options);
            for (var i = 0; i < Images; i++) engine.Submit(Request(i, same ? 0 : i, length));
            engine.Step();
            return engine.Statistics.Prefill.ProductFlops;
        }
        var each = Flops(Start, same: false);
        var perToken = (Flops(Start + 1, same: false) - each) / Images;
        perToken.Should().BePositive();
        (each - Flops(Start, same: true)).Should().BeApproximately((Images - 1) * Start * perToken, 1);
    }

    [Fact]
    public void Of_WhatIsTooShort_IsNotShared()
    {
        var prompt = PromptSplit.Of(Request(1, 0, SharedStart.Shortest - 1), TinyModel.ImageToken, 4);
        prompt.Start.Should().BeNull();
        PromptSplit.Of(Request(1, 0, SharedStart.Shortest), TinyModel.ImageToken, 4).Start.Should().NotBeNull();
    }

    private static GenerationRequest Request(int number, int start, int length, bool two = false, int between = 0, int behind = 5)
    {
        int[] Text(int seed, int count) => [.. Enumerable.Range(0, count).Select(i => new Random(seed * 1000 + i).Next(TinyModel.ImageToken))];
        return new()
        {
            Id = $"r{number}",
            Prompt = [.. Text(start, length), TinyModel.ImageToken, .. Text(number + 50, between), .. (int[])(two ? [TinyModel.ImageToken] : []), .. Text(number + 100, behind)],
            Images = [.. Enumerable.Range(0, two ? 2 : 1).Select(i => TinyModel.Image(number * 10 + i))],
            Sampling = new() { MaxNewTokens = 6 },
        };
    }
}
