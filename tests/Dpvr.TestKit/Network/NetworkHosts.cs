using System.Globalization;
using System.Net;
using Dpvr.TestKit.Processes;

namespace Dpvr.TestKit.Network;

/// <summary>
/// Hosts of a private network on this machine (network namespaces on a bridge), between which the way can be cut. Needs root on Linux. Packets of a cut way vanish; nobody is told.
/// </summary>
public sealed class NetworkHosts : IAsyncDisposable
{
    private const string Nowhere = "02:00:00:00:00:01"; // a card that nobody has: frames to it vanish
    private static readonly string? s_ip = Programs.Find("ip", "/usr/sbin", "/sbin");
    private readonly string _id = Random.Shared.Next(0x10000).ToString("x4", CultureInfo.InvariantCulture);
    private readonly int _net = Random.Shared.Next(2, 250);
    private readonly List<string> _hosts = [];

    private NetworkHosts() { }

    /// <summary>Why it cannot be; null when it can.</summary>
    public static string? Missing { get; } =
        !OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess ? "network namespaces need root on Linux"
        : s_ip is null ? "ip(8) is not installed (Debian: apt-get install iproute2)"
        : Allowed() ? null : "this machine forbids network namespaces";

    /// <summary>The address by which hosts reach this machine itself.</summary>
    public IPAddress Here => AddressOf(0);

    private string Bridge => $"dpvr{_id}";

    /// <summary>Makes the network.</summary>
    public static async Task<NetworkHosts> CreateAsync()
    {
        var network = new NetworkHosts();
        await IpAsync("link", "add", network.Bridge, "type", "bridge");
        await IpAsync("addr", "add", $"{network.Here}/24", "dev", network.Bridge);
        await IpAsync("link", "set", network.Bridge, "up");
        return network;
    }

    /// <summary>Adds a host; its number, from 1.</summary>
    public async Task<int> AddAsync()
    {
        var host = _hosts.Count + 1;
        var (name, outside) = ($"{Bridge}h{host}", $"v{_id}h{host}");
        await IpAsync("netns", "add", name);
        _hosts.Add(name);
        await IpAsync("link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", name);
        await IpAsync("link", "set", outside, "master", Bridge, "up");
        await IpAsync("-n", name, "addr", "add", $"{AddressOf(host)}/24", "dev", "eth0");
        await IpAsync("-n", name, "link", "set", "eth0", "up");
        await IpAsync("-n", name, "link", "set", "lo", "up");
        return host;
    }

    /// <summary>A host's address.</summary>
    public IPAddress AddressOf(int host) => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.213.{_net}.{host + 1}"));

    /// <summary>What stands before a command line that is to run on a host.</summary>
    public IReadOnlyList<string> Launcher(int host) => [s_ip!, "netns", "exec", _hosts[host - 1]];

    /// <summary>What <paramref name="from"/> sends to <paramref name="to"/> vanishes; the other way stays.</summary>
    public Task CutOneWayAsync(int from, int to) => IpAsync("-n", _hosts[from - 1], "neigh", "replace", $"{AddressOf(to)}", "lladdr", Nowhere, "nud", "permanent", "dev", "eth0");

    /// <summary>Nothing goes between the two.</summary>
    public async Task CutAsync(int one, int other)
    {
        await CutOneWayAsync(one, other);
        await CutOneWayAsync(other, one);
    }

    /// <summary>The way from one to the other is open again.</summary>
    public Task HealOneWayAsync(int from, int to) => IpAsync("-n", _hosts[from - 1], "neigh", "del", $"{AddressOf(to)}", "dev", "eth0");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) await IpAsync("netns", "del", host);
        await IpAsync("link", "del", Bridge);
    }

    private static bool Allowed()
    {
        var name = $"dpvr-try-{Environment.ProcessId}";
        using var add = ChildProcess.Start(s_ip!, ["netns", "add", name]);
        if (add.EndAsync().GetAwaiter().GetResult().Code != 0) return false;
        using var remove = ChildProcess.Start(s_ip!, ["netns", "del", name]);
        return remove.EndAsync().GetAwaiter().GetResult().Code == 0;
    }

    private static async Task IpAsync(params string[] arguments)
    {
        using var child = ChildProcess.Start(s_ip!, arguments);
        var end = await child.EndAsync();
        if (end.Code != 0) throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {end.Error}");
    }
}
