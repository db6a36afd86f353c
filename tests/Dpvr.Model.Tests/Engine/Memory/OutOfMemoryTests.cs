using System.Runtime.InteropServices;
using Dpvr.Model.Engine;

namespace Dpvr.Model.Tests.Engine;

/// <summary>Fault 23 of the reliability tests: memory runs out in the middle of a run.</summary>
public sealed class OutOfMemoryTests
{
    private static EngineOptions Options { get; } = new() { Slots = 6, MaxTextTokens = 40 };

    [Theory, InlineData("CUDA out of memory. Tried to allocate 2.00 GiB"), InlineData("DefaultCPUAllocator: can't allocate memory: you tried to allocate 99 bytes")]
    public void Step_WhenABatchDoesNotFit_HalvesItAndAnswersAllTheSame(string message)
    {
        using var model = TinyModel.Create("dpvr-lf");
        GenerationRequest[] requests = [.. Enumerable.Range(0, 9).Select(i => TinyModel.Request(i, 1, newTokens: 6))];
        var sizes = new List<int>();
        using var engine = new GenerationEngine(model, Options with
        {
            BeforePass = rows =>
            {
                sizes.Add(rows);
                if (rows > 2) throw new ExternalException(message);
            },
        });
        foreach (var request in requests) engine.Submit(request);
        var results = TinyModel.Drain(engine).ToDictionary(r => r.Id);
        foreach (var request in requests)
        {
            results[request.Id].Error.Should().BeNull();
            results[request.Id].Tokens.Should().Equal(TinyModel.Run(model, Options, request).Single().Tokens, because: request.Id);
        }
        engine.Statistics.Halvings.Should().BePositive().And.Be(sizes.Count(s => s > 2));
        sizes.Skip(sizes.Count / 2).Should().OnlyContain(s => s <= 2, because: "what did not fit is not tried again and again");
    }

    [Fact]
    public void Step_WhenOneItemDoesNotFitAlone_FailsItAndAnswersTheOthers()
    {
        using var model = TinyModel.Create("dense");
        var pass = 0;
        using var engine = new GenerationEngine(model, Options with
        {
            PrefillBatch = 1,
            BeforePass = _ =>
            {
                if (++pass == 1) throw new ExternalException("CUDA out of memory.");
            },
        });
        GenerationRequest[] requests = [TinyModel.Request(0, 1), TinyModel.Request(0, 1) with { Id = "again" }, TinyModel.Request(1, 1)];
        foreach (var request in requests) engine.Submit(request);
        var results = TinyModel.Drain(engine).ToDictionary(r => r.Id);
        (results["r0"].Finish, results["r0"].Error?.Code).Should().Be((FinishReason.Error, "gpu_oom"));
        results["again"].Tokens.Should().Equal(TinyModel.Run(model, Options, requests[1]).Single().Tokens, because: "the prefix that failed is not taken for one that is there");
        results["r1"].Error.Should().BeNull();
    }

    [Fact]
    public void Step_WhenAPrefixDoesNotFit_FailsAllQuestionsThatWereToReadIt()
    {
        using var model = TinyModel.Create("dense");
        var pass = 0;
        using var engine = new GenerationEngine(model, Options with { BeforePass = _ => { if (++pass == 1) throw new ExternalException("CUDA out of memory."); } });
        foreach (var id in (string[])["a", "b"]) engine.Submit(TinyModel.Request(0, 1) with { Id = id });
        TinyModel.Drain(engine).Select(r => r.Error?.Code).Should().Equal("gpu_oom", "gpu_oom");
        engine.Submit(TinyModel.Request(0, 1));
        TinyModel.Drain(engine).Single().Error.Should().BeNull();
    }

    [Fact]
    public void Step_WhenSomethingElseFails_DoesNotHideIt()
    {
        using var model = TinyModel.Create("dense");
        using var engine = new GenerationEngine(model, Options with { BeforePass = _ => throw new ExternalException("CUDA error: an illegal memory access was encountered") });
        engine.Submit(TinyModel.Request(0, 1));
        engine.Invoking(e => e.Step()).Should().Throw<ExternalException>().WithMessage("*illegal*");
    }
}
