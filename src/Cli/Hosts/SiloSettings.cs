using System.Net;
using Dpvr.Hosting;
using Dpvr.Hosting.Auth;
using Dpvr.Hosting.Cluster;
using Dpvr.Hosting.Telemetry;
using Dpvr.Silo.Api;
using Dpvr.Silo.Messages.Hosting;
using Dpvr.Silo.Models;

namespace Dpvr.Cli.Hosts;

/// <summary>One <c>dpvr silo</c>, checked.</summary>
internal sealed record SiloSettings
{
    public required DpvrClusterOptions Cluster { get; init; }
    public required string Store { get; init; }

    /// <summary>A killed worker's shards go to another after this: a heartbeat comes three times as often.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The models that callers of the HTTP API, and messages, may name; null: there is neither.</summary>
    public IModelCatalog? Models { get; init; }

    public IReadOnlyList<string> AllowedHosts { get; init; } = [];
    public Action<ApiOptions> Api { get; init; } = static _ => { };
    public Action<AuthOptions> Auth { get; init; } = static _ => { };
    /// <summary>The broker that messages come from; null: none come.</summary>
    public BusAddress? Broker { get; init; }

    public Action<BusOptions> Bus { get; init; } = static _ => { };
    public IPEndPoint? Health { get; init; }
    public TelemetryOptions Telemetry { get; init; } = new();
    public LogFormat Log { get; init; } = LogFormat.Text;
}
