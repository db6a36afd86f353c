using System.Globalization;
using System.Security.Cryptography;
using Dpvr.TestKit.Processes;

namespace Dpvr.TestKit.Servers;

/// <summary>An Azurite (the Azure Blob Storage emulator) of a test's own, with an account and a key of its own.</summary>
public sealed class AzuriteServer : ServerProcess
{
    private static readonly HttpClient s_http = new();
    private static readonly string? s_node = Programs.Find("node");
    private static readonly string s_main = Path.Combine(Repository.Root, "artifacts", "azurite", "node_modules", "azurite", "dist", "src", "blob", "main.js");

    private readonly bool _inMemory;

    private AzuriteServer(bool inMemory) => _inMemory = inMemory;

    /// <summary>Why there is none to start; null when there is.</summary>
    public static string? Missing =>
        s_node is null ? "Azurite needs node, which is not installed"
        : !File.Exists(s_main) ? "Azurite is not installed (tests/Dpvr.TestKit/azurite/install.sh installs it)"
        : null;

    /// <summary>The account's name.</summary>
    public static string Account => "dpvrtest";

    /// <summary>The account's key, made for this server.</summary>
    public string Key { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));

    /// <summary>The blob service, as in <c>http://127.0.0.1:10000/dpvrtest</c>.</summary>
    public Uri Endpoint => EndpointAt(Port);

    /// <inheritdoc/>
    public override string ConnectionString => ConnectionStringAt(Port);

    /// <summary>The same account by way of another port, as that of a proxy.</summary>
    public string ConnectionStringAt(int port) => $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={EndpointAt(port)};";

    /// <summary>Starts one. It writes its metadata every 5 s: <see cref="ServerProcess.Kill"/> loses what was acknowledged since, <see cref="ServerProcess.StopAsync"/> does not.</summary>
    /// <param name="inMemory">Keeps everything in its memory: much faster for many blobs, and gone with its process.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<AzuriteServer> StartAsync(bool inMemory = false, CancellationToken cancellationToken = default)
    {
        var server = new AzuriteServer(inMemory);
        return server.StartFirstAsync(server, cancellationToken);
    }

    private protected override ChildProcess Launch() => ChildProcess.Start(
        Missing is { } missing ? throw new InvalidOperationException(missing) : s_node!,
        [s_main, "--blobHost", "127.0.0.1", "--blobPort", $"{Port}", .. (string[])(_inMemory ? ["--inMemoryPersistence"] : ["--location", Folder.Path]), "--silent", "--disableTelemetry", "--skipApiVersionCheck"],
        new Dictionary<string, string?> { ["AZURITE_ACCOUNTS"] = $"{Account}:{Key}" });

    private protected override async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var reply = await s_http.GetAsync(Endpoint, cancellationToken); // refused, as it is not signed: an answer all the same
        return reply.Headers.Server.ToString().StartsWith("Azurite", StringComparison.Ordinal);
    }

    private static Uri EndpointAt(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/{Account}"));
}
