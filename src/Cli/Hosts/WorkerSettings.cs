using System.Net;
using Dpvr.Hosting;
using Dpvr.Hosting.Cluster;
using Dpvr.Hosting.Telemetry;

namespace Dpvr.Cli.Hosts;

/// <summary>One <c>dpvr worker</c>, checked.</summary>
internal sealed record WorkerSettings
{
    public required DpvrClusterOptions Cluster { get; init; }
    public required string Store { get; init; }

    /// <summary>Devices that each get a process; empty: this process computes on <see cref="Device"/>.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    public string Device { get; init; } = "auto";
    public string Dtype { get; init; } = "auto";
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Folders that hold models' folders.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Hosts that URLs may name although they are not public.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    public required string Name { get; init; }
    public IPEndPoint? Health { get; init; }
    public TelemetryOptions Telemetry { get; init; } = new();
    public LogFormat Log { get; init; } = LogFormat.Text;
}
