using System.Globalization;
using Dpvr.Chaos.Harness;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.TestKit.Processes;
using Dpvr.TestKit.Servers;

namespace Dpvr.Chaos.Soak;

/// <summary>Workers and coordinators killed at random moments, hundreds of times, while job after job goes through the same cluster.</summary>
[Collection(OneAtATime.Name), Trait("Category", "Slow")]
public sealed class KillSoakTests(ChaosInput input, ITestOutputHelper log)
{
    private const int Silos = 3, Workers = 3;
    private static readonly TimeSpan s_bounded = TimeSpan.FromSeconds(90);

    /// <summary>Kills; <c>DPVR_CHAOS_KILLS</c> sets another number.</summary>
    private static readonly int s_kills = int.TryParse(Environment.GetEnvironmentVariable("DPVR_CHAOS_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : 300;

    [Fact]
    public async Task Kills_HundredsAtRandom_NothingIsLostDoubledOrHalf()
    {
        Assert.SkipUnless(DpvrProcess.Missing is null, DpvrProcess.Missing ?? "");
        Assert.SkipUnless(ChaosMembership.Missing is null, ChaosMembership.Missing ?? "");
        var run = new ChaosRun(nameof(KillSoakTests), input, log.WriteLine);
        await run.OnClusterAsync(new ChaosOptions { Silos = Silos, Workers = Workers }, async cluster =>
        {
            var tally = new SoakTally();
            while (tally.Kills < s_kills) await OneJobAsync(cluster, tally);
            tally.Kills.Should().Be(s_kills);
        });
    }

    private async Task OneJobAsync(ChaosCluster cluster, SoakTally tally)
    {
        var run = cluster.Run;
        var recoveries = new List<Task>();
        // Kills accuse the shards that they meet: with this many allowed, none is given up for what it did not do.
        var job = await cluster.SubmitAsync(input.Job() with { MaxAttempts = 20, Output = new OutputSpec { Location = $"soak-{tally.Jobs}" } });
        while (tally.Kills < s_kills)
        {
            var moment = await job.CommittedAsync() + run.Random.Next(1, 3);
            await Poll.UntilAsync(async () => await job.CommittedAsync() >= moment || await cluster.Store.ReadEndAsync(job.Id) is not null, s_bounded, "the next moment");
            if (await cluster.Store.ReadEndAsync(job.Id) is not null) break;
            if (Victim(cluster, run.Random) is not { } victim) continue;
            var held = victim.IsSilo ? [] : await job.HeldByAsync(victim);
            await victim.KillAsync();
            tally.OnKill(victim);
            recoveries.Add(RecoveryAsync(job, victim, held, tally));
            recoveries.Add(cluster.StartAgainAsync(victim));
        }
        await Task.WhenAll(recoveries);
        tally.OnJob(await job.VerifyAsync());
        run.Log(tally.ToString());
    }

    // What a worker held is free again, or the coordinator answers, on another silo if need be.
    private static async Task RecoveryAsync(ChaosJob job, ChaosMember victim, List<AttemptRecord> held, SoakTally tally) => tally.OnRecovery(victim, victim.IsSilo
        ? await Poll.UntilAsync(() => GoesOnAsync(job), s_bounded, $"the job is coordinated without {victim.Name}")
        : await job.FreedAsync(held, s_bounded));

    private static async Task<bool> GoesOnAsync(ChaosJob job)
    {
        try
        {
            await using var client = await job.Cluster.ConnectAsync();
            return (await client.Job(job.Id).StatusAsync()).Images > 0;
        }
        catch (Exception e) when (e is TimeoutException or Dpvr.Hosting.Cluster.ClusterUnavailableException || e.GetType().Namespace?.StartsWith("Orleans", StringComparison.Ordinal) == true)
        {
            return false; // the coordinator's place is not taken yet
        }
    }

    // One of each kind always lives: with none, fault 5 is tried, not this.
    private static ChaosMember? Victim(ChaosCluster cluster, Random random)
    {
        var kind = (random.Next(3) == 0 ? cluster.Silos : cluster.Workers).Where(static m => m.IsReady).ToList();
        return kind.Count > 1 ? kind[random.Next(kind.Count)] : null;
    }
}
