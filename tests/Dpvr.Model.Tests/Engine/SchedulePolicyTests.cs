using Dpvr.Model.Engine;

namespace Dpvr.Model.Tests.Engine;

/// <summary>The schedule without a model: a step gives every running sequence a token, a beginning costs its prompt.</summary>
public sealed class SchedulePolicyTests
{
    private const int Prompt = 16, Budget = 3 * Prompt;

    [Theory, InlineData(8), InlineData(32), InlineData(256)]
    public void Rounds_WithAFullQueue_KeepNineTenthsOfTheSlotsBusyAndNobodyWaitingLong(int slots)
    {
        var (scheduler, policy, random) = (new Scheduler(slots), new SchedulePolicy(), new Random(7));
        var left = new Dictionary<Sequence, int>();
        var (order, next, busy, steps) = (new List<string>(), 0, 0L, 0);
        while (order.Count < 20 * slots)
        {
            while (scheduler.Waiting < 2 * slots) scheduler.Enqueue(Request(next++));
            var (live, begun) = (scheduler.Live, 0);
            for (var rounds = policy.Rounds(live, slots); rounds > 0; rounds--)
            {
                var admitted = scheduler.Admit(32, Budget, s => s.PromptTokens, s => left.Add(s, 20 + random.Next(45)));
                if (admitted.Count == 0) break;
                begun += admitted.Sum(s => s.PromptTokens);
                order.AddRange(admitted.Select(s => s.Request.Id));
            }
            if (live > 0) begun.Should().BeLessThanOrEqualTo(4 * Budget, "those that run wait no longer than that for a token");
            scheduler.Compact();
            if (steps++ > 0) busy += scheduler.Live;
            foreach (var sequence in scheduler.Running())
            {
                if (--left[sequence] > 0) continue;
                left.Remove(sequence);
                scheduler.Release(sequence);
            }
        }
        (busy / (double)((steps - 1) * slots)).Should().BeGreaterThanOrEqualTo(0.9);
        order.Should().Equal(Enumerable.Range(0, order.Count).Select(i => $"{i}"), "nobody overtakes");
    }

    [Fact]
    public void Rounds_WhenNobodyRuns_FillAllSlots() => new SchedulePolicy().Rounds(0, 32).Should().Be(int.MaxValue);

    [Fact]
    public void Rounds_WhenTheSlotsAreFullEnough_IsOne() => new SchedulePolicy().Rounds(29, 32).Should().Be(1);

    private static Sequence Request(int number)
    {
        var request = new GenerationRequest { Id = $"{number}", Prompt = [.. Enumerable.Repeat(1, Prompt)] };
        return new(request, PromptSplit.Of(request, imageToken: 9, imageTokens: 4), 0);
    }
}
