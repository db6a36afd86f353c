using System.Net;
using Dpvr.TestKit.Network;
using Dpvr.TestKit.Servers;

namespace Dpvr.Chaos.Harness;

/// <summary>Where a member runs: this machine, or a host of a network that can be cut.</summary>
internal sealed class ChaosHost
{
    private readonly IPEndPoint? _redis;

    private ChaosHost(IReadOnlyList<string> launcher, IReadOnlyList<string> listen, IPEndPoint? redis) => (Launcher, Listen, _redis) = (launcher, listen, redis);

    /// <summary>The loopback address of this machine.</summary>
    public static ChaosHost Here { get; } = new([], [], null);

    public IReadOnlyList<string> Launcher { get; }

    public IReadOnlyList<string> Listen { get; }

    /// <param name="network">The network.</param>
    /// <param name="host">Its host.</param>
    /// <param name="redis">Passes connections on to the membership store.</param>
    public static ChaosHost Of(NetworkHosts network, int host, TcpRelay redis) =>
        new(network.Launcher(host), ["--listen", $"{network.AddressOf(host)}", "--trust-network"], new IPEndPoint(network.Here, redis.Port));

    public string Address(RedisServer redis) => _redis is { } relay ? $"redis://{relay}" : $"redis://{redis.ConnectionString}";
}
