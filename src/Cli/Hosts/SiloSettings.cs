using System.Net;
using Dpvr.Hosting;
using Dpvr.Hosting.Cluster;

namespace Dpvr.Cli.Hosts;

/// <summary>One <c>dpvr silo</c>, checked.</summary>
internal sealed record SiloSettings
{
    public required DpvrClusterOptions Cluster { get; init; }
    public required string Store { get; init; }

    /// <summary>A killed worker's shards go to another after this: a heartbeat comes three times as often.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(20);

    public IPEndPoint? Health { get; init; }
    public LogFormat Log { get; init; } = LogFormat.Text;
}
