using Dpvr.TestKit.Processes;
using Dpvr.TestKit.Servers;

namespace Dpvr.Dashboard.Tests.Cluster;

/// <summary>A silo, <c>dpvr dashboard</c> and, where asked for, a worker: each a process of its own over one store, found by Redis.</summary>
internal sealed class DashboardCluster : IAsyncDisposable
{
    private readonly RedisServer _redis;
    private readonly List<DpvrProcess> _processes = [];

    private DashboardCluster(RedisServer redis) => _redis = redis;

    /// <summary>Why it cannot run here; null when it can.</summary>
    public static string? Missing => RedisServer.Missing ?? DpvrProcess.Missing;

    public Uri Address { get; private set; } = null!;

    public DpvrProcess Dashboard { get; private set; } = null!;

    /// <summary>Where its members find each other.</summary>
    public string Membership => $"redis://127.0.0.1:{_redis.Port}";

    public static async Task<DashboardCluster> StartAsync(string store, string scenes, bool withWorker)
    {
        var cluster = new DashboardCluster(await RedisServer.StartAsync());
        try
        {
            string[] where = ["--cluster", cluster.Membership, "--store", store, "--health", "off", "--metrics", "127.0.0.1:0"];
            await cluster.AddAsync(["silo", .. where]);
            if (withWorker) await cluster.AddAsync(["worker", .. where, "--device", "cpu", "--threads", "1"]);
            var port = FreePort.Next();
            cluster.Dashboard = await cluster.AddAsync(["dashboard", .. where, "--http", $"127.0.0.1:{port}", "--roots", $"scenes={scenes}"]);
            cluster.Address = new Uri($"http://127.0.0.1:{port}/");
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes)) process.Dispose();
        await _redis.DisposeAsync();
    }

    private async Task<DpvrProcess> AddAsync(string[] line)
    {
        var process = DpvrProcess.Start(line);
        _processes.Add(process);
        if (!await process.WaitForLineAsync(static text => text.EndsWith("ready", StringComparison.Ordinal))) throw new InvalidOperationException($"dpvr {line[0]} ended: {process.Error}");
        return process;
    }
}
