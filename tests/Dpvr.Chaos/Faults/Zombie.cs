using Dpvr.Chaos.Harness;
using Dpvr.Contracts.Shards;

namespace Dpvr.Chaos.Faults;

/// <summary>A worker that stopped itself right before a commit, and comes back when others have done its work.</summary>
internal static class Zombie
{
    private static readonly TimeSpan s_bounded = TimeSpan.FromSeconds(90), s_counted = TimeSpan.FromSeconds(45);

    /// <returns>True when a write of it was refused and counted. False when it asked for none: the job ended without it, or it heard in time that its leases are lost and gave all back.</returns>
    /// <exception cref="InvariantException">I5: its write was not refused and counted. I6: its work was not done by others.</exception>
    public static async Task<bool> LiveAsync(ChaosJob job, ChaosMember zombie)
    {
        if (await StoppedInHandAsync(job, zombie) is not { } held) return false;
        await Poll.UntilAsync(async () => (await job.CommittedShardsAsync()).IsSupersetOf(held.Select(static h => h.Shard)), s_bounded, $"others did the {held.Count} shards of {zombie.Name}");
        zombie.Continue();
        var refused = false;
        try
        {
            await Poll.UntilAsync(async () =>
            {
                if (zombie.IsStopped) zombie.Continue(); // at the next thing that it had in hand
                await job.CommittedShardsAsync(); // looks whether the zombie's marker replaced another
                refused = (await job.AttemptsAsync()).Exists(a => a.Worker == zombie.Name && a.Refused);
                return refused || held.TrueForAll(h => zombie.Log.Contains($"{job.Id}: shard {h.Shard}, attempt {h.Attempt}: {AttemptOutcome.Released}", StringComparison.Ordinal));
            }, s_counted, "the zombie's write is counted");
            return refused;
        }
        catch (InvariantException e) when (e.Broken is ["I6"])
        {
            throw new InvariantException("I5", e.Message);
        }
    }

    // A failpoint without a number stops it at every commit, also at those of an earlier job: only one that is about to commit a shard of this job will write too late.
    private static async Task<List<AttemptRecord>?> StoppedInHandAsync(ChaosJob job, ChaosMember zombie)
    {
        while (true)
        {
            await Poll.UntilAsync(async () => zombie.IsStopped || !zombie.IsRunning || await job.HasEndedAsync(), s_bounded, $"{zombie.Name} reached its failpoint");
            zombie.IsRunning.Should().BeTrue();
            if (!zombie.IsStopped) return null;
            var held = await job.HeldByAsync(zombie);
            foreach (var attempt in held)
                if (await job.IsStagedAsync(attempt))
                    return held;
            zombie.Continue();
        }
    }
}
