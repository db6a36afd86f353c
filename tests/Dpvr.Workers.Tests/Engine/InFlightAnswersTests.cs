using Dpvr.Contracts.Results;
using Dpvr.Workers.Engine;

namespace Dpvr.Workers.Tests.Engine;

public sealed class InFlightAnswersTests
{
    private readonly InFlightAnswers _answers = new(remembered: 2);
    private int _submitted;

    [Fact]
    public async Task GetAsync_TheSameWorkTwice_IsSubmittedOnce()
    {
        var computing = new TaskCompletionSource<EngineCompletion>();
        var first = await _answers.GetAsync("w", () => Submit(computing.Task));
        var second = await _answers.GetAsync("w", () => Submit(computing.Task));
        computing.SetResult(Completion("text"));

        (first.IsFirst, second.IsFirst).Should().Be((true, false));
        (await second.Completion).Text.Should().Be("text");
        _submitted.Should().Be(1);
    }

    [Fact]
    public async Task GetAsync_AfterAnError_AsksAgain()
    {
        var failed = await _answers.GetAsync("w", () => Submit(Task.FromResult(Completion("") with { Error = new ItemError("gpu_oom", "") })));
        (await failed.Completion).Error.Should().NotBeNull();

        var again = await _answers.GetAsync("w", () => Submit(Task.FromResult(Completion("text"))));

        again.IsFirst.Should().BeTrue();
        (await again.Completion).Text.Should().Be("text");
    }

    [Fact]
    public async Task GetAsync_WhenTheSubmissionThrows_TellsTheWaitersAndForgets()
    {
        var failed = await _answers.GetAsync("w", () => throw new EngineFaultException("gone"));

        await failed.Completion.Awaiting(c => c).Should().ThrowAsync<EngineFaultException>();
        (await _answers.GetAsync("w", () => Submit(Task.FromResult(Completion("text"))))).IsFirst.Should().BeTrue();
    }

    [Fact]
    public async Task GetAsync_WhenMoreWasComputedThanIsRemembered_ForgetsTheOldest()
    {
        foreach (var work in (string[])["a", "b", "c"]) await (await _answers.GetAsync(work, () => Submit(Task.FromResult(Completion(work))))).Completion;

        (await _answers.GetAsync("c", () => Submit(Task.FromResult(Completion("c"))))).IsFirst.Should().BeFalse();
        (await _answers.GetAsync("a", () => Submit(Task.FromResult(Completion("a"))))).IsFirst.Should().BeTrue();
    }

    private Task<Task<EngineCompletion>> Submit(Task<EngineCompletion> completion)
    {
        _submitted++;
        return Task.FromResult(completion);
    }

    private static EngineCompletion Completion(string text) => new() { Id = 1, Text = text };
}
