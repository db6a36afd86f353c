using Dpvr.Cli.Cluster;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;
using Dpvr.Hosting;
using Dpvr.Hosting.Cluster;
using Dpvr.TestKit.Servers;
using Orleans;
using Orleans.Runtime;

namespace Dpvr.Chaos.Harness;

/// <summary>A membership store, a store, silos and workers: all of them processes of their own on the loopback address.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private readonly ChaosOptions _options;
    private readonly ChaosStore _store;
    private readonly List<ChaosMember> _members = [];
    private ChaosMember? _failing;

    private ChaosCluster(ChaosRun run, ChaosOptions options, ChaosStore store, ServerProcess membership) => (Run, _options, _store, Membership) = (run, options, store, membership);

    public ChaosRun Run { get; }

    public ServerProcess Membership { get; }

    /// <summary>The store, read by the test without the cluster.</summary>
    public JobStore Store => _store.Jobs;

    /// <summary>The Azurite that holds it, if one does.</summary>
    public AzuriteServer Azurite => _store.Azurite ?? throw new InvalidOperationException("The store is a folder.");

    /// <summary>All that ever ran.</summary>
    public IReadOnlyList<ChaosMember> Members => _members;

    public IReadOnlyList<ChaosMember> Silos => [.. _members.Where(static m => m is { IsSilo: true, IsRunning: true })];

    public IReadOnlyList<ChaosMember> Workers => [.. _members.Where(static m => m is { IsSilo: false, IsRunning: true })];

    /// <summary>The worker with the failpoint.</summary>
    public ChaosMember FailingWorker => _failing ?? throw new InvalidOperationException("No worker fails in this cluster.");

    public static async Task<ChaosCluster> StartAsync(ChaosRun run, ChaosOptions options)
    {
        var store = await ChaosStore.OpenAsync(options);
        var cluster = new ChaosCluster(run, options, store, await ChaosMembership.StartAsync());
        try
        {
            Task<ChaosMember>[] members = [.. Enumerable.Range(0, options.Silos).Select(_ => cluster.AddSiloAsync()), .. Enumerable.Range(0, options.Workers).Select(_ => cluster.AddWorkerAsync())];
            if (options.FailingWorker is { } failpoint) cluster._failing = await cluster.AddWorkerAsync(Failpoint.At(failpoint));
            await Task.WhenAll(members);
            run.Log($"{options.Silos} silos and {options.Workers} workers are ready");
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Task<ChaosMember> AddSiloAsync(params (string Name, string Value)[] environment) => AddSiloAsync(ChaosHost.Here, environment);

    /// <param name="host">Where it runs, and how it reaches the membership store from there.</param>
    /// <param name="environment">Its failpoints, for instance.</param>
    public Task<ChaosMember> AddSiloAsync(ChaosHost host, params (string Name, string Value)[] environment)
    {
        var port = FreePort.Next();
        return AddAsync(health => new ChaosMember($"silo-{_members.Count(static m => m.IsSilo) + 1}", isSilo: true, host.Launcher, EnvironmentOf(environment),
            ["silo", .. Common(host, health), .. host.Listen, "--silo-port", $"{port}", "--lease", $"{(int)_options.Lease.TotalSeconds}", .. _options.SiloArguments]) { SiloPort = port, HealthPort = health });
    }

    /// <param name="environment">Its failpoints, for instance.</param>
    public Task<ChaosMember> AddWorkerAsync(params (string Name, string Value)[] environment) => AddAsync(health =>
    {
        var name = $"worker-{_members.Count(static m => !m.IsSilo) + 1}";
        return new ChaosMember(name, isSilo: false, [], EnvironmentOf(environment), ["worker", .. Common(ChaosHost.Here, health), "--name", name, "--device", "cpu", "--threads", "1"]) { HealthPort = health };
    });

    /// <summary>Starts a member again that has ended.</summary>
    public async Task StartAgainAsync(ChaosMember member)
    {
        member.Start();
        await member.ReadyAsync();
        Run.Log($"{member.Name} is back");
    }

    /// <summary>Gives a job to the cluster, as the command line does.</summary>
    public async Task<ChaosJob> SubmitAsync(JobSpec spec)
    {
        await using var client = await ConnectAsync();
        return await SubmitAsync(spec, client);
    }

    /// <summary>The same over a connection that stays open.</summary>
    public async Task<ChaosJob> SubmitAsync(JobSpec spec, ClusterClient client)
    {
        var launch = await ClusterClient.CallAsync(() => client.Launcher.LaunchAsync(spec), CancellationToken.None);
        Run.Log($"job {launch.Job} is submitted");
        return new ChaosJob(this, launch.Job, spec);
    }

    /// <summary>The silo that a job's grain lives on.</summary>
    public async Task<ChaosMember> CoordinatorAsync(ChaosJob job)
    {
        await using var client = await ConnectAsync();
        await ClusterClient.CallAsync(() => client.Job(job.Id).StatusAsync(), CancellationToken.None); // there is one from here on
        var address = await ClusterClient.CallAsync(() => client.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(client.Job(job.Id)).AsTask(), CancellationToken.None);
        return _members.Single(m => m.IsSilo && m.SiloPort == address?.Endpoint.Port);
    }

    /// <summary>A connection of its own, as a user's command has.</summary>
    public Task<ClusterClient> ConnectAsync() =>
        ClusterClient.ConnectAsync(new DpvrClusterOptions { Address = ClusterAddress.Parse(ChaosHost.Here.Address(Membership)) }, _store.Location, LogFormat.None, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _members.ForEach(static m => m.Dispose());
        await Membership.DisposeAsync();
        await _store.DisposeAsync();
    }

    private async Task<ChaosMember> AddAsync(Func<int, ChaosMember> make)
    {
        var member = make(FreePort.Next());
        _members.Add(member);
        member.Start();
        await member.ReadyAsync();
        Run.Log($"{member} is ready");
        return member;
    }

    private string[] Common(ChaosHost host, int health) => ["--cluster", host.Address(Membership), "--store", _store.Location, "--health", $"127.0.0.1:{health}"];

    private Dictionary<string, string?> EnvironmentOf((string Name, string Value)[] own)
    {
        var all = new Dictionary<string, string?>(Run.Environment);
        foreach (var (name, value) in own) all[name] = value;
        return all;
    }
}
