using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Waits;

namespace Dpvr.Workers.Tests.Engine;

public sealed class EngineThreadTests
{
    private static readonly SamplingSpec Greedy = new();
    private readonly PipelineGauge _gauge = new();

    [Fact]
    public async Task SubmitAsync_ManyRequests_EachGetsItsOwnAnswer()
    {
        var engine = default(TestEngine)!;
        using var all = new ManualResetEventSlim();
        await using var thread = Start(() => engine = new TestEngine { Slots = 3, OnStep = _ => all.Wait() });

        var asked = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => thread.SubmitAsync(TestPicture.Of($"{i}"), "what", Greedy, default)));
        all.Set();
        var answers = await Task.WhenAll(asked);

        answers.Select(a => a.Text).Should().Equal(Enumerable.Range(0, 50).Select(i => TestEngine.TextOf("what", TestPicture.Sha256Of($"{i}"))));
        engine.MostLive.Should().Be(3, "free slots are refilled, and no more than that");
    }

    [Fact]
    public async Task AnswerAsync_BehindManyRequests_ComesBeforeThoseThatWait()
    {
        var (order, begun, go) = (new List<string>(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new ManualResetEventSlim());
        await using var thread = Start(() => new TestEngine
        {
            Slots = 1, OnSubmit = r => order.Add(r.Prompt), OnStep = _ =>
            {
                begun.TrySetResult();
                go.Wait();
            },
        });
        var asked = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => thread.SubmitAsync(TestPicture.Of($"{i}"), $"{i}", Greedy, default)));
        await begun.Task;

        var urgent = thread.AnswerAsync(TestPicture.Of("u"), "urgent", Greedy, null, default);
        go.Set();

        (await urgent).Text.Should().StartWith("urgent");
        await Task.WhenAll(asked);
        order.IndexOf("urgent").Should().Be(1, "after the one that ran");
    }

    [Fact]
    public async Task AnswerAsync_WhileTheEngineIsIdle_IsAnsweredEachTime()
    {
        await using var thread = Start(() => new TestEngine());

        for (var i = 0; i < 20; i++)
        {
            (await thread.AnswerAsync(TestPicture.Of($"{i}"), "urgent", Greedy, null, default)).Error.Should().BeNull();
            (await await thread.SubmitAsync(TestPicture.Of($"{i}"), "what", Greedy, default)).Error.Should().BeNull();
        }
    }

    [Fact]
    public async Task Ready_WhenTheEngineCannotBeMade_FailsAndSoDoRequests()
    {
        await using var thread = Start(() => throw new InvalidDataException("no weights"));

        await thread.Awaiting(t => t.Ready).Should().ThrowAsync<InvalidDataException>();
        Func<Task> asking = async () => await await thread.SubmitAsync(TestPicture.Of("a"), "what", Greedy, default);
        await asking.Should().ThrowAsync<EngineFaultException>();
    }

    [Fact]
    public async Task Step_WhenItThrows_FailsWhatItHeldAndAnotherEngineGoesOn()
    {
        var engines = 0;
        await using var thread = Start(() => new TestEngine
        {
            OnStep = live =>
            {
                if (live.Any(r => r.Prompt == "poison")) throw new InvalidOperationException("boom");
            },
            Slots = ++engines,
        });

        var poisoned = await thread.SubmitAsync(TestPicture.Of("a"), "poison", Greedy, default);
        (await poisoned.Awaiting(p => p).Should().ThrowAsync<EngineFaultException>()).WithMessage("*boom*");
        var sound = await await thread.SubmitAsync(TestPicture.Of("a"), "what", Greedy, default);

        sound.Text.Should().Be(TestEngine.TextOf("what", TestPicture.Sha256Of("a")));
        engines.Should().Be(2);
    }

    [Fact]
    public async Task SubmitAsync_WhenOneRequestFails_OthersDoNot()
    {
        await using var thread = Start(() => new TestEngine { ErrorOf = r => r.Prompt == "nan" ? new ItemError(ErrorCodes.ModelNan, "nan") : null });

        var bad = await thread.SubmitAsync(TestPicture.Of("a"), "nan", Greedy, default);
        var good = await thread.SubmitAsync(TestPicture.Of("a"), "what", Greedy, default);

        (await bad).Error!.Code.Should().Be(ErrorCodes.ModelNan);
        (await good).Error.Should().BeNull();
    }

    [Fact]
    public async Task DisposeAsync_WhileRequestsRun_FailsThemAndDisposesTheEngineOnItsThread()
    {
        var engine = default(TestEngine)!;
        var stepping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = Start(() => engine = new TestEngine { StepsPerRequest = int.MaxValue, OnStep = _ => stepping.TrySetResult() });
        var asked = await thread.SubmitAsync(TestPicture.Of("a"), "what", Greedy, default);
        await stepping.Task;

        await thread.DisposeAsync();

        await asked.Awaiting(a => a).Should().ThrowAsync<EngineFaultException>();
        engine.IsDisposed.Should().BeTrue();
        thread.HasEnded.Should().BeTrue();
    }

    [Fact]
    public async Task SubmitAsync_WhenCancelledBeforeItsTurn_IsCancelledAndNeverComputed()
    {
        using var cancelled = new CancellationTokenSource();
        var engine = default(TestEngine)!;
        using var held = new ManualResetEventSlim();
        await using var thread = Start(() => engine = new TestEngine { Slots = 1, OnStep = _ => held.Wait() });
        var first = await thread.SubmitAsync(TestPicture.Of("a"), "what", Greedy, default);
        var second = await thread.SubmitAsync(TestPicture.Of("b"), "what", Greedy, cancelled.Token);

        await cancelled.CancelAsync();
        held.Set();

        (await first).Error.Should().BeNull();
        await second.Awaiting(s => s).Should().ThrowAsync<OperationCanceledException>();
        engine.Submitted.Should().Be(1);
    }

    [Fact]
    public async Task WaitForWork_WhileDecoding_IsCountedAsDecode()
    {
        _gauge.Decoding(+1);
        await using var thread = Start(() => new TestEngine());
        await thread.Ready;

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (_gauge.Waited(WaitCause.Decode) < TimeSpan.FromMilliseconds(20) && !patience.IsCancellationRequested) await Task.Yield();

        _gauge.Waited(WaitCause.Decode).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(20));
        _gauge.Waited(WaitCause.Queue).Should().Be(TimeSpan.Zero);
    }

    private EngineThread Start(Func<ICaptionEngine> create) => new(create, _gauge, TimeProvider.System);
}
