using System.Net;
using Dpvr.TestKit.Network;
using Dpvr.TestKit.Servers;

namespace Dpvr.Chaos.Harness;

/// <summary>Where a member runs: this machine, or a host of a network that can be cut.</summary>
internal sealed class ChaosHost
{
    private readonly IPEndPoint? _relay;

    private ChaosHost(IReadOnlyList<string> launcher, IReadOnlyList<string> listen, IPEndPoint? relay) => (Launcher, Listen, _relay) = (launcher, listen, relay);

    /// <summary>The loopback address of this machine.</summary>
    public static ChaosHost Here { get; } = new([], [], null);

    public IReadOnlyList<string> Launcher { get; }

    public IReadOnlyList<string> Listen { get; }

    /// <param name="network">The network.</param>
    /// <param name="host">Its host.</param>
    /// <param name="membership">Passes connections on to the membership store.</param>
    public static ChaosHost Of(NetworkHosts network, int host, TcpRelay membership) =>
        new(network.Launcher(host), ["--listen", $"{network.AddressOf(host)}", "--trust-network"], new IPEndPoint(network.Here, membership.Port));

    /// <summary>The address of the membership store as it is reached from there.</summary>
    public string Address(ServerProcess membership) => ChaosMembership.AddressOf(membership, _relay);
}
