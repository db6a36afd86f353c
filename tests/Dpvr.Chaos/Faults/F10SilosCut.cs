using Dpvr.Chaos.Harness;
using Dpvr.TestKit.Network;

namespace Dpvr.Chaos.Faults;

internal sealed class F10SilosCut : Fault
{
    public override int Number => 10;

    public override string Words => "a silo is cut from the others, one way and then both ways; all still reach the membership store, the blob store and the workers (I1, I6)";

    public override string? NotHere => NetworkHosts.Missing;

    public override bool IsSlow => true;

    public override async Task RunAsync(ChaosRun run)
    {
        await using var network = await NetworkHosts.CreateAsync();
        await run.OnClusterAsync(new ChaosOptions { Silos = 0, Workers = 0 }, async cluster =>
        {
            await using var membership = new TcpRelay(cluster.Membership.Port, network.Here);
            int[] hosts = [await network.AddAsync(), await network.AddAsync(), await network.AddAsync()];
            await Task.WhenAll(hosts.Select(host => cluster.AddSiloAsync(ChaosHost.Of(network, host, membership))));
            await Task.WhenAll(cluster.AddWorkerAsync(), cluster.AddWorkerAsync());
            foreach (var bothWays in new[] { false, true })
            {
                var job = await cluster.SubmitAsync(run.Input.Job() with { Output = new() { Location = bothWays ? "both" : "one" } });
                await job.MoreCommittedAsync(2);
                var lonely = hosts[run.Random.Next(hosts.Length)];
                foreach (var other in hosts.Where(h => h != lonely))
                {
                    await network.CutOneWayAsync(lonely, other);
                    if (bothWays) await network.CutOneWayAsync(other, lonely);
                }
                run.Log($"silo-{lonely} is cut off {(bothWays ? "both ways" : "one way")}");
                await job.EndAsync();
                foreach (var other in hosts.Where(h => h != lonely))
                {
                    await network.HealOneWayAsync(lonely, other);
                    if (bothWays) await network.HealOneWayAsync(other, lonely);
                }
                await job.VerifyAsync();
                foreach (var dead in cluster.Members.Where(static m => m is { IsSilo: true, IsRunning: false }))
                {
                    run.Log($"{dead.Name} was declared dead and ended");
                    await cluster.StartAgainAsync(dead);
                }
            }
        });
    }
}
