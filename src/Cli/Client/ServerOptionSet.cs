using System.CommandLine;

namespace Dpvr.Cli.Client;

/// <summary>Which server, and as whom: on the command line or in the environment.</summary>
internal sealed class ServerOptionSet
{
    private const string ServerVariable = "DPVR_SERVER";
    private const string KeyVariable = "DPVR_API_KEY";

    private readonly Option<string?> _server = new("--server") { HelpName = "url", Description = $"The server, as http://127.0.0.1:8080. Default: ${ServerVariable}, else that address." };
    private readonly Option<string?> _key = new("--api-key") { HelpName = "key", Description = $"An API key (dpvr keys create). Better in the environment, since others on the machine see command lines. Default: ${KeyVariable}, else none." };

    public void AddTo(Command command)
    {
        command.Add(_server);
        command.Add(_key);
    }

    /// <exception cref="UsageException">It is no address.</exception>
    public ApiClient Connect(ParseResult result)
    {
        var text = result.GetValue(_server) ?? Of(ServerVariable) ?? "http://127.0.0.1:8080";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            throw new UsageException($"--server: '{text}' is not allowed; allowed: the address of a server as in http://127.0.0.1:8080.");
        return new ApiClient(address, result.GetValue(_key) ?? Of(KeyVariable));
    }

    private static string? Of(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
