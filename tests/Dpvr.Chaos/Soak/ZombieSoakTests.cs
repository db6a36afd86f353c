using System.Globalization;
using Dpvr.Chaos.Faults;
using Dpvr.Chaos.Harness;
using Dpvr.Contracts.Jobs;
using Dpvr.TestKit.Processes;
using Dpvr.TestKit.Servers;

namespace Dpvr.Chaos.Soak;

/// <summary>Fault 7, over and over in one cluster.</summary>
[Collection(OneAtATime.Name), Trait("Category", "Slow")]
public sealed class ZombieSoakTests(ChaosInput input, ITestOutputHelper log)
{
    /// <summary>Zombies; <c>DPVR_CHAOS_ZOMBIES</c> sets another number.</summary>
    private static readonly int s_zombies = int.TryParse(Environment.GetEnvironmentVariable("DPVR_CHAOS_ZOMBIES"), NumberStyles.None, CultureInfo.InvariantCulture, out var zombies) ? zombies : 50;

    [Fact]
    public async Task Zombies_Fifty_EachIsRefusedAndCounted()
    {
        Assert.SkipUnless(DpvrProcess.Missing is null, DpvrProcess.Missing ?? "");
        Assert.SkipUnless(ChaosMembership.Missing is null, ChaosMembership.Missing ?? "");
        var run = new ChaosRun(nameof(ZombieSoakTests), input, log.WriteLine);
        await run.OnClusterAsync(new ChaosOptions { Silos = 1, Workers = 1, FailingWorker = "before-done=stop", Lease = TimeSpan.FromSeconds(2) }, async cluster =>
        {
            var tally = new SoakTally();
            await using var client = await cluster.ConnectAsync();
            var zombies = 0;
            while (zombies < s_zombies)
            {
                tally.Jobs.Should().BeLessThan(s_zombies * 4, "in most jobs there is work left for the zombie when it has come back");
                var job = await cluster.SubmitAsync(input.Job("*7.png") with { Output = new OutputSpec { Location = $"zombie-{tally.Jobs}" } }, client);
                var refused = await Zombie.LiveAsync(job, cluster.FailingWorker);
                if (refused) zombies++;
                tally.OnJob(await job.VerifyAsync(new JobExpectation { StaleAtLeast = refused ? 1 : 0 }, client));
                run.Log($"{zombies} zombies; {tally}");
            }
        });
    }
}
