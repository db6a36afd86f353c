using System.Net;
using Dpvr.Hosting;
using Dpvr.Hosting.Auth;
using Dpvr.Hosting.Telemetry;
using Dpvr.Silo.Api;
using Dpvr.Silo.Messages.Hosting;
using Dpvr.Silo.Models;

namespace Dpvr.Cli.Serve;

/// <summary>One <c>dpvr serve</c>, checked.</summary>
internal sealed record ServeSettings
{
    public required string Store { get; init; }
    public required IModelCatalog Models { get; init; }
    public required Action<ApiOptions> Api { get; init; }
    public required Action<AuthOptions> Auth { get; init; }
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];
    public string Device { get; init; } = "auto";
    public string Dtype { get; init; } = "auto";
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Load the usual model at the start, not with the first work.</summary>
    public bool WarmUp { get; init; } = true;

    /// <summary>The clock of everything but leases, which go by their own.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The broker that messages come from; null: they stay in the process.</summary>
    public BusAddress? Broker { get; init; }

    public Action<BusOptions> Bus { get; init; } = static _ => { };
    public IPEndPoint? Health { get; init; }
    public TelemetryOptions Telemetry { get; init; } = new();
    public LogFormat Log { get; init; } = LogFormat.Text;
}
