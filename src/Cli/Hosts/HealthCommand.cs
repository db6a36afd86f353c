using System.CommandLine;
using System.Net;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Hosts;

/// <summary><c>dpvr health</c>: asks a host whether it is ready, for containers that have no curl.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create(SystemConsole console)
    {
        var at = new Argument<string>("address") { Description = "Address and port of the host's --health.", DefaultValueFactory = _ => "127.0.0.1:8081" };
        var command = new ExampleCommand("health", "Ask a silo or worker whether it is ready: exit code 0, or 4 and what is wrong.")
        {
            Examples = [new("dpvr health 127.0.0.1:8082", "a worker on this machine")],
        };
        command.Add(at);
        command.SetAction(async (result, cancellationToken) =>
        {
            var text = result.GetRequiredValue(at);
            if (!IPEndPoint.TryParse(text, out var endpoint)) throw new UsageException($"<address>: '{text}' is not allowed; allowed: an IP address with a port as in 127.0.0.1:8081.");
            return (int)await AskAsync(endpoint, console, cancellationToken);
        });
        return command;
    }

    private static async Task<ExitCode> AskAsync(IPEndPoint endpoint, SystemConsole console, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://{endpoint}/health/ready"), cancellationToken);
            console.Out.WriteLine(await answer.Content.ReadAsStringAsync(cancellationToken));
            return answer.IsSuccessStatusCode ? ExitCode.Ok : ExitCode.JobFailed;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            console.Error.WriteLine($"dpvr: nobody answers at {endpoint}.");
            return ExitCode.JobFailed;
        }
    }
}
