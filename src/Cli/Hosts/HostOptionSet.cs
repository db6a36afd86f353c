using System.CommandLine;
using System.Net;
using Dpvr.Cli.Options;
using Dpvr.Hosting;
using Dpvr.Hosting.Telemetry;

namespace Dpvr.Cli.Hosts;

/// <summary>What hosts have in common: health, metrics and logs.</summary>
internal sealed class HostOptionSet(int healthPort, int metricsPort)
{
    private static readonly string[] Formats = ["text", "json"];

    private readonly Option<string?> _health = new("--health")
    {
        HelpName = "address:port|off",
        DefaultValueFactory = _ => $"127.0.0.1:{healthPort}",
        Description = $"Where /health/live and /health/ready are served; port 0 takes a free one. Default: 127.0.0.1:{healthPort}.",
    };

    private readonly Option<string?> _log = CheckedOption.OneOf("--log", Formats, "text", "How it logs, to standard error. Default: text.");

    private readonly TelemetryOptionSet _telemetry = new(metricsPort);

    public void AddTo(Command command)
    {
        command.Add(_health);
        command.Add(_log);
        _telemetry.AddTo(command);
    }

    /// <exception cref="UsageException">An address is not allowed.</exception>
    public TelemetryOptions Telemetry(ParseResult result) => _telemetry.Read(result);

    public LogFormat Log(ParseResult result) => result.GetValue(_log) == "json" ? LogFormat.Json : LogFormat.Text;

    /// <exception cref="UsageException">It is no address with a port.</exception>
    public IPEndPoint? Health(ParseResult result) => result.GetValue(_health) switch
    {
        "off" => null,
        { } text when IPEndPoint.TryParse(text, out var endpoint) && text.Contains(':', StringComparison.Ordinal) => endpoint,
        var text => throw new UsageException($"--health: '{text}' is not allowed; allowed: off, or an IP address with a port as in 127.0.0.1:{healthPort}."),
    };
}
