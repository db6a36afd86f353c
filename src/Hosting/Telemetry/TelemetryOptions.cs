using System.Net;

namespace Dpvr.Hosting.Telemetry;

/// <summary>Where a host shows what it measures.</summary>
public sealed record TelemetryOptions
{
    /// <summary>The address of <c>/metrics</c>; null: nowhere. Default: null.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>True takes a free port where that one is taken, and logs it: for an address that nobody asked for. Default: false.</summary>
    public bool MayMove { get; init; }

    /// <summary>Where traces are sent, by OTLP over HTTP (<c>/v1/traces</c> is added); null: nowhere. Default: null.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Share of shards that are traced, 0 to 1. Default: 1.</summary>
    public double TracedShare { get; init; } = 1;
}
