using Azure.Storage.Blobs;
using Dpvr.Data.Blobs;
using Dpvr.Data.Blobs.Azure;
using Dpvr.TestKit.Servers;

namespace Dpvr.Data.Tests.Blobs.Azure;

/// <summary>One Azurite for all tests that need one; each takes a prefix or a container of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private int _containers;

    public AzuriteServer Server { get; private set; } = null!;

    public static void SkipUnlessThere() => Assert.SkipUnless(AzuriteServer.Missing is null, AzuriteServer.Missing ?? "");

    public async ValueTask InitializeAsync()
    {
        if (AzuriteServer.Missing is not null) return;
        Server = await AzuriteServer.StartAsync();
        // For what opens a location by itself, as the readers of sources do.
        Environment.SetEnvironmentVariable("AZURE_STORAGE_CONNECTION_STRING", Server.ConnectionString);
    }

    public string NewContainer() => $"c{Interlocked.Increment(ref _containers)}-{Guid.NewGuid():n}";

    /// <summary>The environment that the store takes its credentials from; a further port is that of a proxy.</summary>
    public Func<string, string?> EnvironmentAt(int? port = null) => name => name == "AZURE_STORAGE_CONNECTION_STRING" ? Server.ConnectionStringAt(port ?? Server.Port) : null;

    public IBlobStore Open(string? container = null, AzureBlobOptions? options = null, int? port = null, TimeProvider? time = null) =>
        BlobStores.Open($"azblob://{container ?? NewContainer()}/pre fix", options, time, EnvironmentAt(port));

    public BlobContainerClient Client(string container) => new(Server.ConnectionString, container);

    public async ValueTask DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
    }
}
