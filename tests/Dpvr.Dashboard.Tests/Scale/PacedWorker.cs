using Dpvr.Cli.Cluster;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Shards;
using Dpvr.Hosting;
using Dpvr.Hosting.Cluster;

namespace Dpvr.Dashboard.Tests.Scale;

/// <summary>A worker without an engine that leases, commits and reports a shard every so often, so that there is something to watch.</summary>
internal sealed class PacedWorker(ScaleStore store, string membership, TimeSpan each) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;

    public async Task StartAsync()
    {
        var client = await ClusterClient.ConnectAsync(new DpvrClusterOptions { Address = ClusterAddress.Parse(membership) }, Path.GetTempPath(), LogFormat.None, default);
        _work = Task.Run(() => WorkAsync(client));
    }

    private async Task WorkAsync(ClusterClient client)
    {
        await using (client)
        {
            using var pace = new PeriodicTimer(each);
            while (await pace.WaitForNextTickAsync() && !_stop.IsCancellationRequested)
            {
                var reply = await client.Grains.GetGrain<IJobBoardGrain>(0).LeaseAsync("paced");
                if (reply.Lease is not { } lease) continue;
                await store.CommitAsync(lease);
                await client.Job(lease.Job).ReportAsync(lease.Shard, lease.Attempt, lease.Token, new AttemptReport { Outcome = AttemptOutcome.Committed, EngineSeconds = 2.5 });
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }
}
