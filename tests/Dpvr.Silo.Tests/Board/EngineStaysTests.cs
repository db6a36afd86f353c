using Dpvr.Contracts.Jobs;
using Dpvr.Silo.Board;

namespace Dpvr.Silo.Tests.Board;

public sealed class EngineStaysTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Of_AWorkerThatWasGivenWork_IsItsEngineUntilTheStayIsOver()
    {
        var stays = new EngineStays(TimeSpan.FromMinutes(2), _time);
        stays.Leased("w", "a");
        _time.Advance(TimeSpan.FromSeconds(119));
        stays.Leased("w", "a");
        (stays.Of("w"), stays.Of("other")).Should().Be(("a", null));

        _time.Advance(TimeSpan.FromSeconds(1));

        stays.Of("w").Should().BeNull("a stay begins with the engine's first shard, not with its last");
        stays.Leased("w", "b");
        stays.Of("w").Should().Be("b");
    }

    [Fact]
    public void Leased_ByMoreWorkersThanEverLive_ForgetsThoseThatAreGone()
    {
        var stays = new EngineStays(TimeSpan.FromMinutes(2), _time);
        for (var i = 0; i < 5000; i++) stays.Leased($"w{i}", "a");
        _time.Advance(TimeSpan.FromMinutes(3));

        stays.Leased("new", "b");

        (stays.Of("w1"), stays.Of("new"), stays.Count).Should().Be((null, "b", 1));
    }

    [Fact]
    public void InOrder_ForAnEngine_PutsItsJobsFirstWithinAPriorityOnly()
    {
        var shares = new FairShare();
        shares.Set(new JobShare(new JobId("a"), Engine: "x"));
        shares.Set(new JobShare(new JobId("b"), Engine: "y"));
        shares.Set(new JobShare(new JobId("urgent"), Priority: 1, Engine: "x"));

        shares.InOrder("y").Select(j => j.Value).Should().Equal("urgent", "b", "a");
        shares.InOrder().Select(j => j.Value).Should().Equal("urgent", "a", "b");
    }
}
