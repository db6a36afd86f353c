using System.CommandLine;
using System.Net;
using Dpvr.Cli.Cluster;
using Dpvr.Cli.Help;
using Dpvr.Cli.Options;
using Dpvr.Cli.Serve;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Hosts;

/// <summary><c>dpvr silo</c>: a coordinating host of a cluster.</summary>
internal static class SiloCommand
{
    public static Command Create(SystemConsole console)
    {
        var cluster = new ClusterOptionSet();
        var host = new HostOptionSet(healthPort: 8081, metricsPort: 9464);
        var api = new ApiOptionSet(null);
        var bus = new BusOptionSet();
        var listen = new Option<string>("--listen")
        {
            HelpName = "ip|auto",
            DefaultValueFactory = _ => "127.0.0.1",
            Description = "Address that silos and workers reach this one by; auto: this machine's first. Others than 127.0.0.1 need --trust-network. Default: 127.0.0.1.",
        };
        var siloPort = CheckedOption.Number("--silo-port", 0, 0, 65535, "Port for other silos; 0 takes a free one.");
        var gatewayPort = CheckedOption.Number("--gateway-port", 0, 0, 65535, "Port for workers and command lines; 0 takes a free one.");
        var lease = CheckedOption.Number("--lease", 20, 1, 3600, "Seconds after the last heartbeat of a worker until its shards go to others.");
        var trust = new Option<bool>("--trust-network") { Description = "Everyone who reaches the ports of --listen may command the cluster: they know no keys. Default: no." };
        var command = new ExampleCommand("silo", "Run a coordinating host of a cluster: it plans jobs, gives out shards and counts results. Any number may run; jobs outlive them.")
        {
            Examples =
            [
                new("dpvr silo --cluster redis://localhost --store /shared/dpvr", "one machine, or the first of several"),
                new("dpvr silo --cluster redis://redis:6379 --store azblob://captions --listen auto --trust-network", "in a container network"),
                new("dpvr silo --cluster redis://localhost --store /shared/dpvr --bus amqp://dpvr:secret@rabbit --roots photos=/data/photos", "takes jobs and pictures from queues (docs/messages.md)"),
            ],
        };
        cluster.AddTo(command);
        api.AddTo(command);
        bus.AddTo(command);
        foreach (var option in (Option[])[listen, siloPort, gatewayPort, lease, trust]) command.Add(option);
        host.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var address = ListenAddress.Parse(result.GetRequiredValue(listen));
            if (!IPAddress.IsLoopback(address) && !result.GetValue(trust))
                throw new UsageException($"--listen: {address} can be reached from other machines, and a silo's ports know no keys; put them into a private network and say --trust-network, or listen on 127.0.0.1.");
            await api.CheckExposureAsync(result, cluster.Store(result), cancellationToken);
            var settings = new SiloSettings
            {
                Cluster = cluster.Read(result, address, result.GetValue(siloPort), result.GetValue(gatewayPort)),
                Store = cluster.Store(result),
                Lease = TimeSpan.FromSeconds(result.GetValue(lease)),
                Models = api.Listen(result) is null && bus.Broker(result) is null ? null : api.Models(result),
                AllowedHosts = api.AllowedHosts(result),
                Api = api.Api(result),
                Auth = api.Auth(result),
                Broker = bus.Broker(result),
                Bus = bus.Options(result),
                Health = host.Health(result),
                Telemetry = host.Telemetry(result),
                Log = host.Log(result),
            };
            return (int)await HostRun.ExecuteAsync(await SiloHost.BuildAsync(settings, cancellationToken), "silo", console, cancellationToken);
        });
        return command;
    }
}
