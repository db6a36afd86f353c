using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

/// <summary>A worker that stopped itself right before a commit, and comes back when others have done its work.</summary>
internal static class Zombie
{
    private static readonly TimeSpan s_bounded = TimeSpan.FromSeconds(90), s_counted = TimeSpan.FromSeconds(45);

    /// <exception cref="InvariantException">I5: its write was not refused and counted. I6: its work was not done by others.</exception>
    public static async Task LiveAsync(ChaosJob job, ChaosMember zombie)
    {
        await Poll.UntilAsync(() => zombie.IsStopped || !zombie.IsRunning, s_bounded, $"{zombie.Name} reached its failpoint");
        var held = await job.HeldByAsync(zombie);
        held.Should().NotBeEmpty();
        await Poll.UntilAsync(async () => (await job.CommittedShardsAsync()).IsSupersetOf(held.Select(static h => h.Shard)), s_bounded, $"others did the {held.Count} shards of {zombie.Name}");
        zombie.Continue();
        try
        {
            await Poll.UntilAsync(async () =>
            {
                await job.CommittedShardsAsync(); // looks whether the zombie's marker replaced another
                return (await job.AttemptsAsync()).Exists(a => a.Worker == zombie.Name && a.Refused);
            }, s_counted, "the zombie's write is counted");
        }
        catch (InvariantException e) when (e.Broken is ["I6"])
        {
            throw new InvariantException("I5", e.Message);
        }
    }
}
