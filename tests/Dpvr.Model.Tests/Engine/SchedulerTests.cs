using Dpvr.Model.Engine;

namespace Dpvr.Model.Tests.Engine;

public sealed class SchedulerTests
{
    [Fact]
    public void Admit_WhenSlotsAreFree_TakesTheLowestInOrderOfArrival()
    {
        var scheduler = Filled(slots: 3, requests: 5);
        Admit(scheduler, 2).Select(s => (s.Request.Id, s.Slot)).Should().Equal(("0", 0), ("1", 1));
        Admit(scheduler, 2).Select(s => (s.Request.Id, s.Slot)).Should().Equal(("2", 2));
        Admit(scheduler, 2).Should().BeEmpty();
        (scheduler.Live, scheduler.Waiting, scheduler.Free).Should().Be((3, 2, 0));
    }

    [Fact]
    public void Admit_WhenPromptsAreLong_StopsBeforeTooManyTokensButTakesOne()
    {
        var scheduler = Filled(slots: 8, requests: 5, promptTokens: 10);
        Admit(scheduler, 8, tokens: 29).Should().HaveCount(2);
        Admit(scheduler, 8, tokens: 3).Should().HaveCount(1);
        Admit(scheduler, 8, tokens: 30).Should().HaveCount(2);
    }

    [Fact]
    public void Admit_AfterARelease_FillsTheHoleSoThatNothingMoves()
    {
        var scheduler = Filled(slots: 3, requests: 4);
        var running = Admit(scheduler, 3);
        scheduler.Release(running[1]);
        Admit(scheduler, 3).Single().Slot.Should().Be(1);
        scheduler.Compact().Should().BeEmpty();
        scheduler.Running().Select(s => s.Request.Id).Should().Equal("0", "3", "2");
    }

    [Fact]
    public void Compact_WhenNobodyWaits_MovesTheTailIntoTheHoles()
    {
        var scheduler = Filled(slots: 6, requests: 5);
        var running = Admit(scheduler, 6);
        scheduler.Release(running[0]);
        scheduler.Release(running[2]);
        scheduler.Release(running[3]);
        scheduler.Compact().Should().Equal((4, 0));
        scheduler.Running().Select(s => (s.Request.Id, s.Slot)).Should().Equal(("4", 0), ("1", 1));
        scheduler.Compact().Should().BeEmpty();
    }

    [Fact]
    public void Release_OfASequenceThatHoldsNoSlot_Throws()
    {
        var scheduler = Filled(slots: 2, requests: 1);
        var sequence = Admit(scheduler, 1).Single();
        scheduler.Release(sequence);
        scheduler.Invoking(s => s.Release(sequence)).Should().Throw<InvalidOperationException>().WithMessage("*0*");
    }

    [Fact]
    public void Admit_WhenTheFirstFindsNoRoom_LetsNobodyOvertake()
    {
        var scheduler = Filled(slots: 3, requests: 3);
        scheduler.Admit(3, 100, s => s.Request.Id == "1" ? null : 1, _ => { }).Select(s => s.Request.Id).Should().Equal("0");
        scheduler.Admit(3, 100, _ => 1, _ => { }).Select(s => s.Request.Id).Should().Equal("1", "2");
    }

    private static IReadOnlyList<Sequence> Admit(Scheduler scheduler, int most, int tokens = int.MaxValue) => scheduler.Admit(most, tokens, s => s.PromptTokens, _ => { });

    private static Scheduler Filled(int slots, int requests, int promptTokens = 1)
    {
        var scheduler = new Scheduler(slots);
        for (var i = 0; i < requests; i++)
        {
            var request = new GenerationRequest { Id = $"{i}", Prompt = [.. Enumerable.Repeat(1, promptTokens)] };
            scheduler.Enqueue(new Sequence(request, PromptSplit.Of(request, imageToken: 9, imageTokens: 4), 0));
        }
        return scheduler;
    }
}
