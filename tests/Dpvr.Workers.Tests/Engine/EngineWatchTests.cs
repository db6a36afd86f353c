using Dpvr.Contracts.Jobs;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Waits;

namespace Dpvr.Workers.Tests.Engine;

/// <summary>What is told of an engine to those who watch it.</summary>
public sealed class EngineWatchTests
{
    private readonly PipelineGauge _gauge = new();

    [Fact]
    public async Task Load_AfterSteps_IsTheEngines()
    {
        await using var thread = Start(() => new TestEngine { FreeBytes = 7, LoadAfter = steps => new EngineLoad { Running = steps, KeyValueReserved = 100, KeyValueUsed = 10 * steps, WeightBytes = 50 } });

        await await thread.SubmitAsync(TestPicture.Of("a"), "what", new SamplingSpec(), default);

        _gauge.Engine.Load.Should().Be(new EngineLoad { Running = 2, KeyValueReserved = 100, KeyValueUsed = 20, WeightBytes = 50 });
        _gauge.Engine.FreeBytes.Should().Be(7);
    }

    [Fact]
    public async Task Waiting_WhileTheEngineIsFull_CountsThoseBeforeIt()
    {
        var (stepped, go) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new SemaphoreSlim(1));
        await using var thread = Start(() => new TestEngine { Slots = 1, StepsPerRequest = 3, OnStep = _ => { go.Wait(); if (_gauge.Engine.Waiting > 0) stepped.TrySetResult(); } });
        var asked = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => thread.SubmitAsync(TestPicture.Of($"{i}"), "what", new SamplingSpec(), default)));

        go.Release(100);

        await stepped.Task;
        await Task.WhenAll(asked);
        _gauge.Engine.Waiting.Should().Be(0);
    }

    [Fact]
    public async Task Times_OverSeveralEngines_AddUpAndCountNoSecondTwice()
    {
        TestEngine Engine() => new()
        {
            OnStep = live => { if (live.Any(r => r.Prompt == "poison")) throw new InvalidOperationException("boom"); },
            LoadAfter = steps => new EngineLoad { VisionSeconds = steps, PrefillSeconds = 3 * steps, DecodeSeconds = 10 * steps },
        };
        await using var thread = Start(Engine);

        await await thread.SubmitAsync(TestPicture.Of("a"), "what", new SamplingSpec(), default); // two steps
        await (await thread.SubmitAsync(TestPicture.Of("a"), "poison", new SamplingSpec(), default)).Awaiting(static p => p).Should().ThrowAsync<EngineFaultException>();
        await await thread.SubmitAsync(TestPicture.Of("b"), "what", new SamplingSpec(), default); // two of another engine

        _gauge.Engine.Times.Should().Be(new EngineTimes(Vision: 4, Prefill: 8, Decode: 40));
    }

    [Fact]
    public async Task WaitsFor_WhileItHasNoWork_IsTheCause()
    {
        _gauge.Fetching(+1);
        await using var thread = Start(() => new TestEngine());
        await thread.Ready;

        SpinWait.SpinUntil(() => _gauge.Engine.WaitsFor == WaitCause.Fetch, TimeSpan.FromSeconds(60)).Should().BeTrue();
    }

    [Fact]
    public async Task Load_WhenTheEngineIsGone_IsNothing()
    {
        var thread = Start(() => new TestEngine { FreeBytes = 7, LoadAfter = static steps => new EngineLoad { Running = 1, DecodeSeconds = steps } });
        await await thread.SubmitAsync(TestPicture.Of("a"), "what", new SamplingSpec(), default);

        await thread.DisposeAsync();

        _gauge.Engine.Load.Should().Be(default(EngineLoad));
        _gauge.Engine.FreeBytes.Should().BeNull();
        _gauge.Engine.WaitsFor.Should().BeNull();
        _gauge.Engine.Times.Decode.Should().Be(2, "what it did stays counted");
    }

    private EngineThread Start(Func<ICaptionEngine> create) => new(create, _gauge, TimeProvider.System);
}
