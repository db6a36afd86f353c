using Dpvr.Chaos.Harness;
using Dpvr.Contracts.Shards;

namespace Dpvr.Chaos.Faults;

/// <summary>A worker that stopped itself right before a commit, and comes back when others have done its work.</summary>
internal static class Zombie
{
    private static readonly TimeSpan s_bounded = TimeSpan.FromSeconds(90), s_counted = TimeSpan.FromSeconds(45);

    /// <exception cref="InvariantException">I5: its write was not refused and counted. I6: its work was not done by others.</exception>
    public static async Task LiveAsync(ChaosJob job, ChaosMember zombie)
    {
        var held = await StoppedInHandAsync(job, zombie);
        await Poll.UntilAsync(async () => (await job.CommittedShardsAsync()).IsSupersetOf(held.Select(static h => h.Shard)), s_bounded, $"others did the {held.Count} shards of {zombie.Name}");
        zombie.Continue();
        try
        {
            await Poll.UntilAsync(async () =>
            {
                if (zombie.IsStopped) zombie.Continue(); // at the next thing that it had in hand
                await job.CommittedShardsAsync(); // looks whether the zombie's marker replaced another
                return (await job.AttemptsAsync()).Exists(a => a.Worker == zombie.Name && a.Refused);
            }, s_counted, "the zombie's write is counted");
        }
        catch (InvariantException e) when (e.Broken is ["I6"])
        {
            throw new InvariantException("I5", e.Message);
        }
    }

    // A failpoint without a number stops it at every commit, also at what it still has in hand of an earlier job: that is not what is waited for.
    private static async Task<List<AttemptRecord>> StoppedInHandAsync(ChaosJob job, ChaosMember zombie)
    {
        while (true)
        {
            await Poll.UntilAsync(() => zombie.IsStopped || !zombie.IsRunning, s_bounded, $"{zombie.Name} reached its failpoint");
            zombie.IsRunning.Should().BeTrue();
            if (await job.HeldByAsync(zombie) is { Count: > 0 } held) return held;
            zombie.Continue();
        }
    }
}
