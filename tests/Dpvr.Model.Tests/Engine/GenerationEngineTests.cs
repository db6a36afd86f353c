using Dpvr.Model.Engine;
using Dpvr.Model.Tests.Language;
using Dpvr.Model.Tests.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Engine;

public sealed class GenerationEngineTests
{
    public static TheoryData<string> Routings => ["dense", "withdraw", "dpvr-lf", "dpvr-lf early fusion", "dpvr-lf at once"];

    private static EngineOptions Options { get; } = new() { Slots = 16, MaxImages = 2, MaxTextTokens = 48, PrefillBatch = 5 };

    [Theory, MemberData(nameof(Routings))]
    public void Step_ComparedWithMaskedRecomputation_GivesTheSameTokens(string routing)
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Create(routing);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 9).Select(i => TinyModel.Request(i, images: i % 3, newTokens: 8))];
        var results = TinyModel.Run(model, Options, requests).ToDictionary(r => r.Id);
        foreach (var request in requests)
        {
            var vision = request.Images.Count == 0 ? null : model.EncodeImages(cat([.. request.Images.Select(i => i.Pixels(8, PixelScale.Clip, CPU))], 0));
            var (tokens, logProbs) = MaskedReference.Generate(model, request.Prompt, vision, 8);
            results[request.Id].Tokens.Should().Equal(tokens, because: request.Id);
            Near(results[request.Id].LogProbs, logProbs);
        }
    }

    [Theory, MemberData(nameof(Routings))]
    public void Step_InABatchOf16_GivesWhatEachRequestGivesAlone(string routing)
    {
        using var model = TinyModel.Create(routing);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 40).Select(i => TinyModel.Request(i, images: (i * 7 + i / 5) % 3, newTokens: 3 + i * 5 % 17,
            sampling: i % 2 == 0 ? null : new() { Temperature = 0.8, TopK = i % 4 == 1 ? 20 : 0, TopP = 0.95, Seed = i }))];
        var together = TinyModel.Run(model, Options, requests).ToDictionary(r => r.Id);
        together.Should().HaveCount(40);
        foreach (var request in requests)
        {
            var alone = TinyModel.Run(model, Options with { Slots = 1 }, request).Single();
            together[request.Id].Tokens.Should().Equal(alone.Tokens, because: request.Id);
            together[request.Id].Finish.Should().Be(alone.Finish);
            Near(together[request.Id].LogProbs, alone.LogProbs);
        }
    }

    /// <summary>Bytes do not give what floats do, but a caption must not depend on its neighbours with them either: not in a single bit.</summary>
    [Theory, MemberData(nameof(Routings))]
    public void Step_WithBytesForWeights_GivesWhatEachRequestGivesAlone_NearWhatFloatsGive(string routing)
    {
        ByteWeightTests.SkipWithoutByteProducts();
        using var model = TinyModel.Create(routing, bytes: true);
        using var exact = TinyModel.Create(routing);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 20).Select(i => TinyModel.Request(i, images: (i * 7 + i / 5) % 3, newTokens: 3 + i * 5 % 17))];
        var together = TinyModel.Run(model, Options, requests).ToDictionary(r => r.Id);
        var floats = TinyModel.Run(exact, Options, requests).ToDictionary(r => r.Id);
        foreach (var request in requests)
        {
            var alone = TinyModel.Run(model, Options with { Slots = 1 }, request).Single();
            together[request.Id].Tokens.Should().Equal(alone.Tokens, because: request.Id);
            Near(together[request.Id].LogProbs, alone.LogProbs);
        }
        requests.Average(r => Math.Abs(together[r.Id].LogProbs[0] - floats[r.Id].LogProbs[0])).Should().BeInRange(1e-6f, 0.25f);
    }

    [Theory, MemberData(nameof(Routings))]
    public void Step_WithTheAttentionOfOtherDevices_GivesTheSame(string routing)
    {
        using var model = TinyModel.Create(routing);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 20).Select(i => TinyModel.Request(i, images: (i * 7 + i / 5) % 3, newTokens: 3 + i * 5 % 17))];
        var portable = TinyModel.Run(model, Options with { PortableAttention = true }, requests).ToDictionary(r => r.Id);
        foreach (var result in TinyModel.Run(model, Options, requests))
        {
            portable[result.Id].Tokens.Should().Equal(result.Tokens, because: result.Id);
            Near(portable[result.Id].LogProbs, result.LogProbs);
        }
    }

    [Theory, MemberData(nameof(Routings))]
    public void Step_WithFourQuestionsAnImage_ComputesItOnceAndAnswersAsIfEachCameAlone(string routing)
    {
        using var model = TinyModel.Create(routing);
        GenerationRequest Question(int image, int number) => TinyModel.Request(image, 1, newTokens: 4 + number) with
        {
            Id = $"{image}/{number}",
            Prompt = [1, 7, TinyModel.ImageToken, .. Enumerable.Range(0, 2 + number).Select(t => 10 + image + t * number)],
        };
        GenerationRequest[] requests = [.. Enumerable.Range(0, 5).SelectMany(image => Enumerable.Range(0, 4).Select(number => Question(image, number)))];
        using var engine = new GenerationEngine(model, Options with { Slots = 6, QuestionsPerImage = 4, CachedImages = 0 });
        engine.Memory.Bytes(6, questions: 4).Should().Be(engine.Statistics.KeyValueBytes).And.BeLessThan(engine.Memory.Bytes(6));
        foreach (var request in requests) engine.Submit(request);
        var together = TinyModel.Drain(engine).ToDictionary(r => r.Id);
        (engine.Statistics.ImagesEncoded, engine.Statistics.PrefixesShared).Should().Be((5, 15));
        foreach (var request in requests)
        {
            var alone = TinyModel.Run(model, Options, request).Single();
            together[request.Id].Tokens.Should().Equal(alone.Tokens, because: request.Id);
            Near(together[request.Id].LogProbs, alone.LogProbs);
        }
    }

    [Fact]
    public void Step_WithExpandedImageTokens_GivesTheSame()
    {
        using var model = TinyModel.Create("dpvr-lf");
        var compact = TinyModel.Request(3, images: 2);
        var expanded = compact with { Prompt = [.. compact.Prompt.SelectMany(t => Enumerable.Repeat(t, t == TinyModel.ImageToken ? 4 : 1))] };
        TinyModel.Run(model, Options, expanded).Single().Tokens.Should().Equal(TinyModel.Run(model, Options, compact).Single().Tokens);
    }

    [Fact]
    public void Step_WhenAStopTokenComes_EndsTheSequenceWithIt()
    {
        using var model = TinyModel.Create("dense");
        var free = TinyModel.Run(model, Options, TinyModel.Request(1, 1)).Single();
        free.Finish.Should().Be(FinishReason.Length);
        free.Tokens.Should().HaveCount(12);
        var stop = free.Tokens[4];
        var stopped = TinyModel.Run(model, Options, TinyModel.Request(1, 1) with { Stop = new([stop]) }).Single();
        stopped.Finish.Should().Be(FinishReason.Stop);
        stopped.Tokens.Should().Equal(free.Tokens.Take(1 + free.Tokens.ToList().IndexOf(stop)));
    }

    [Fact]
    public void Step_WhenASequenceEnds_GivesItsSlotToTheNextAtOnce()
    {
        using var model = TinyModel.Create("dense");
        using var engine = new GenerationEngine(model, Options with { Slots = 2 });
        engine.Submit(TinyModel.Request(0, 1, newTokens: 2));
        engine.Submit(TinyModel.Request(1, 1, newTokens: 9));
        engine.Submit(TinyModel.Request(2, 1, newTokens: 9));
        engine.Step().Should().BeEmpty(); // a token a step
        engine.Step().Single().Id.Should().Be("r0");
        engine.Waiting.Should().Be(1);
        engine.Step().Should().BeEmpty();
        (engine.Waiting, engine.Live).Should().Be((0, 2));
        engine.Statistics.Prompts.Should().Be(3);
    }

    [Fact]
    public void Step_WhenLogitsAreNotFinite_FailsThatRequestAloneAndLeavesItsSlotClean()
    {
        using var model = TinyModel.Create("dpvr-lf");
        // A long neighbour keeps the batch looking at places behind the short ones' ends, where the broken prompt has been.
        int[] longText = [.. Enumerable.Range(1, 30), TinyModel.ImageToken, 3];
        var broken = TinyModel.Request(2, 1) with { Id = "nan", Prompt = longText, Images = [PreparedImage.FromNormalized("nan", [.. Enumerable.Repeat(float.NaN, 192)])] };
        var neighbour = TinyModel.Request(1, 1, newTokens: 16) with { Prompt = longText };
        GenerationRequest[] good = [neighbour, .. Enumerable.Range(3, 4).Select(i => TinyModel.Request(i, 1, newTokens: 3))];
        var results = TinyModel.Run(model, Options with { Slots = 2, PrefillBatch = 2 }, [good[0], broken, .. good[1..]]).ToDictionary(r => r.Id);
        results["nan"].Finish.Should().Be(FinishReason.Error);
        results["nan"].Error!.Code.Should().Be(GenerationError.ModelNan);
        foreach (var request in good)
        {
            results[request.Id].Error.Should().BeNull();
            results[request.Id].Tokens.Should().Equal(TinyModel.Run(model, Options, request).Single().Tokens);
        }
    }

    [Fact]
    public void Submit_WhenTheRequestCannotBeServed_ComesBackAsAnError()
    {
        using var model = TinyModel.Create("dense");
        var fine = TinyModel.Request(1, 1);
        (GenerationRequest Request, string Code)[] cases =
        [
            (fine with { Prompt = [] , Images = [] }, GenerationError.PromptInvalid),
            (fine with { Images = [] }, GenerationError.PromptInvalid),
            (fine with { Prompt = [.. fine.Prompt, 96] }, GenerationError.PromptInvalid),
            (fine with { Prompt = [TinyModel.ImageToken, .. Enumerable.Repeat(1, 49)] }, GenerationError.PromptTooLong),
            (fine with { Prompt = [.. Enumerable.Repeat(1, 65), TinyModel.ImageToken, 2] }, GenerationError.PromptTooLong),
            (fine with { Prompt = [.. Enumerable.Repeat(1, 49)], Images = [] }, GenerationError.PromptTooLong),
            (TinyModel.Request(1, 3), GenerationError.PromptTooLong),
            (fine with { Images = [PreparedImage.FromLevels("small", new byte[5])] }, GenerationError.ImageInvalid),
            (fine with { Sampling = new() { TopP = 0 } }, GenerationError.SamplingInvalid),
        ];
        foreach (var (request, code) in cases)
        {
            var result = TinyModel.Run(model, Options, request).Single();
            (result.Finish, result.Error?.Code).Should().Be((FinishReason.Error, code));
        }
    }

    [Fact]
    public void Step_WhenTheSequencesMemoryIsFull_EndsByLength()
    {
        using var model = TinyModel.Create("dense");
        var request = TinyModel.Request(1, 1, newTokens: 100);
        var text = request.Prompt.Count - 1 - request.Prompt.ToList().LastIndexOf(TinyModel.ImageToken);
        var result = TinyModel.Run(model, Options, request).Single();
        result.Finish.Should().Be(FinishReason.Length);
        result.Tokens.Should().HaveCount(48 - text + 1); // the last token's keys are never stored
    }

    [Fact]
    public void Step_WhenQuestionsShareAnImage_EncodesItOnce()
    {
        using var model = TinyModel.Create("dpvr-lf");
        using var engine = new GenerationEngine(model, Options);
        for (var i = 0; i < 12; i++) engine.Submit(TinyModel.Request(i, 1) with { Images = [TinyModel.Image(i / 6)] });
        TinyModel.Drain(engine);
        (engine.Statistics.ImagesEncoded, engine.Statistics.ImagesShared).Should().Be((2, 10));
    }

    [Fact]
    public void Step_WhenImagesComeBackFromTheCache_GivesEachQuestionItsOwnImage()
    {
        using var model = TinyModel.Create("dense");
        using var engine = new GenerationEngine(model, Options with { Slots = 3, CachedImages = 3 });
        for (var round = 0; round < 3; round++)
            foreach (var number in (int[])[0, 1, 2, 4, 1, 0])
            {
                var request = TinyModel.Request(7, 1) with { Images = [TinyModel.Image(number)] };
                engine.Submit(request);
                TinyModel.Drain(engine).Single().LogProbs.Should().Equal(TinyModel.Run(model, Options, request).Single().LogProbs, because: $"image {number} in round {round}");
            }
        engine.Statistics.ImagesShared.Should().BePositive();
        engine.Statistics.ImagesEncoded.Should().BeGreaterThan(4, because: "three places do not hold four images");
    }

    [Theory, MemberData(nameof(Routings))]
    public void Step_WhileTheGarbageCollectorRuns_GivesTheSame(string routing)
    {
        using var model = TinyModel.Create(routing);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 24).Select(i => TinyModel.Request(i, images: i % 3, newTokens: 24,
            sampling: i % 2 == 0 ? null : new() { Temperature = 0.8, TopP = 0.95, Seed = i }))];
        var quiet = TinyModel.Run(model, Options, requests).ToDictionary(r => r.Id);
        var done = false;
        var collector = new Thread(() =>
        {
            // What native code was given and managed code forgot is freed here, in mid-call (see Scalars).
            while (!Volatile.Read(ref done))
            {
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            foreach (var result in TinyModel.Run(model, Options, requests))
                result.Tokens.Should().Equal(quiet[result.Id].Tokens, because: result.Id);
        }
        finally
        {
            Volatile.Write(ref done, true);
            collector.Join();
        }
    }

    [Fact]
    public void Cancel_WhenRunningOrWaiting_ComesBackCancelledAndFreesTheSlot()
    {
        using var model = TinyModel.Create("dense");
        using var engine = new GenerationEngine(model, Options with { Slots = 1 });
        engine.Submit(TinyModel.Request(0, 1, newTokens: 30));
        engine.Submit(TinyModel.Request(1, 1, newTokens: 2));
        engine.Submit(TinyModel.Request(2, 1));
        engine.Step();
        engine.Cancel("r0").Should().BeTrue();
        engine.Cancel("r2").Should().BeTrue();
        engine.Cancel("r7").Should().BeFalse();
        TinyModel.Drain(engine).Select(r => (r.Id, r.Finish)).Should().BeEquivalentTo(
            [("r0", FinishReason.Cancelled), ("r2", FinishReason.Cancelled), ("r1", FinishReason.Length)]);
    }

    [Fact]
    public void Statistics_AfterPicturesAndTexts_CountTheTowersTimeWithinThePrefills()
    {
        using var model = TinyModel.Create("dpvr-lf");
        using var engine = new GenerationEngine(model, Options);
        engine.Submit(TinyModel.Request(0, images: 0, newTokens: 4));
        TinyModel.Drain(engine);
        engine.Statistics.VisionSeconds.Should().Be(0, "no picture was read");

        for (var i = 1; i < 4; i++) engine.Submit(TinyModel.Request(i, images: 1, newTokens: 4));
        TinyModel.Drain(engine);

        engine.Statistics.VisionSeconds.Should().BePositive().And.BeLessThan(engine.Statistics.PrefillSeconds);
    }

    [Fact]
    public void Step_Over200Steps_LeavesNoTensorBehind() => LeavesNoTensorBehind(200);

    [Fact, Trait("Category", "Slow")]
    public void Step_Over10000Steps_LeavesNoTensorBehind() => LeavesNoTensorBehind(10_000);

    private static void LeavesNoTensorBehind(int steps)
    {
        using var model = TinyModel.Create("dpvr-lf");
        using var engine = new GenerationEngine(model, Options with { Slots = 6, CachedImages = 4 });
        var number = 0;
        long Live() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        void Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                while (engine.FreeSlots > 0) engine.Submit(TinyModel.Request(number++, 1 + number % 2, newTokens: 2 + number % 11));
                engine.Step();
            }
        }
        Run(20);
        var before = Live();
        Run(steps);
        Live().Should().Be(before);
        engine.Statistics.DecodeSteps.Should().Be(20 + steps);
    }

    internal static void Near(IReadOnlyList<float> got, IReadOnlyList<float> want)
    {
        got.Should().HaveCount(want.Count);
        for (var i = 0; i < got.Count; i++) got[i].Should().BeApproximately(want[i], 1e-4f);
    }
}
