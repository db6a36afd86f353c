using System.CommandLine;
using System.Net;
using Dpvr.Hosting.Telemetry;

namespace Dpvr.Cli.Options;

/// <summary>Where a process shows what it measures and sends traces.</summary>
/// <param name="port">Port of the metrics where none is named; null: they are off.</param>
internal sealed class TelemetryOptionSet(int? port)
{
    private readonly Option<string?> _metrics = new("--metrics")
    {
        HelpName = "address:port|off",
        Description = "Where /metrics is served for Prometheus; port 0 takes a free one. Addresses that others reach need --metrics-open. Default: " + (port is null ? "off." : $"127.0.0.1:{port}, or a free port where that is taken."),
    };

    private readonly Option<bool> _open = new("--metrics-open") { Description = "Everyone who reaches the address of --metrics may read them: they need no key. Default: no." };
    private readonly Option<string?> _otlp = new("--otlp") { HelpName = "url", Description = "Send traces there by OTLP over HTTP, as in http://127.0.0.1:4318. Default: nowhere." };
    private readonly Option<double> _share = CheckedOption.Fraction("--otlp-share", 1, 0, 1, "Share of shards that are traced.");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_metrics, _open, _otlp, _share];

    public void AddTo(Command command)
    {
        foreach (var option in All) command.Add(option);
    }

    /// <summary>What was asked for.</summary>
    /// <exception cref="UsageException">An address is none, or one that others reach without the word for it.</exception>
    public TelemetryOptions Read(ParseResult result)
    {
        var text = result.GetValue(_metrics);
        return new TelemetryOptions
        {
            Listen = text is null ? port is { } usual ? new IPEndPoint(IPAddress.Loopback, usual) : null : text == "off" ? null : Listen(text, result.GetValue(_open)),
            MayMove = text is null,
            Otlp = Otlp(result.GetValue(_otlp)),
            TracedShare = result.GetValue(_share),
        };
    }

    private static IPEndPoint Listen(string text, bool open)
    {
        if (!IPEndPoint.TryParse(text, out var endpoint) || !text.Contains(':', StringComparison.Ordinal)) throw new UsageException($"--metrics: '{text}' is not allowed; allowed: off, or an IP address with a port as in 127.0.0.1:9464.");
        if (!IPAddress.IsLoopback(endpoint.Address) && !open) throw new UsageException($"--metrics: {endpoint} can be reached from other machines, and metrics know no keys; put it into a private network and say --metrics-open, or listen on 127.0.0.1.");
        return endpoint;
    }

    private static Uri? Otlp(string? text)
    {
        if (text is null) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") ? uri
            : throw new UsageException($"--otlp: '{text}' is not allowed; allowed: the address of a collector as in http://127.0.0.1:4318.");
    }
}
