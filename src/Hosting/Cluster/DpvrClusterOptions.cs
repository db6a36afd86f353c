using System.Net;

namespace Dpvr.Hosting.Cluster;

/// <summary>Which cluster a host belongs to, and how others reach it.</summary>
public sealed class DpvrClusterOptions
{
    /// <summary>The membership store.</summary>
    public required ClusterAddress Address { get; init; }

    /// <summary>Clusters of different names do not see each other in the same store. Default: dpvr.</summary>
    public string Name { get; init; } = "dpvr";

    /// <summary>The address that others reach this silo by, and the only one it listens on. Default: 127.0.0.1.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Port for other silos; 0 takes a free one. Default: 0.</summary>
    public int SiloPort { get; init; }

    /// <summary>Port for workers and command lines; 0 takes a free one. Default: 0.</summary>
    public int GatewayPort { get; init; }
}
