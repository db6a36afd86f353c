using System.Net;
using Dpvr.Hosting;
using Dpvr.Hosting.Cluster;

namespace Dpvr.Cli.Hosts;

/// <summary>One <c>dpvr silo</c>, checked.</summary>
internal sealed record SiloSettings
{
    public required DpvrClusterOptions Cluster { get; init; }
    public required string Store { get; init; }
    public IPEndPoint? Health { get; init; }
    public LogFormat Log { get; init; } = LogFormat.Text;
}
