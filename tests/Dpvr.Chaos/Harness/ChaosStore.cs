using Dpvr.Cli.Cluster;
using Dpvr.Data.Jobs;
using Dpvr.TestKit.Servers;

namespace Dpvr.Chaos.Harness;

/// <summary>The store of a cluster under test: a folder, or an Azurite of its own.</summary>
internal sealed class ChaosStore : IAsyncDisposable
{
    /// <summary>Where a store in Azure finds its account.</summary>
    public const string ConnectionVariable = "AZURE_STORAGE_CONNECTION_STRING";

    private readonly TempFolder _folder = new();

    private ChaosStore(ChaosOptions options, AzuriteServer? azurite)
    {
        Azurite = azurite;
        Location = azurite is not null ? "azblob://chaos" : options.Store ?? _folder.Of("store");
        // Read by this process and, unless they are given another way to it, by every member.
        if (azurite is not null) Environment.SetEnvironmentVariable(ConnectionVariable, azurite.ConnectionString);
        Jobs = new JobStore(StoreServices.Open(Location), JobLayout.Shared);
    }

    public AzuriteServer? Azurite { get; }

    public string Location { get; }

    public JobStore Jobs { get; }

    public static async Task<ChaosStore> OpenAsync(ChaosOptions options) => new(options, options.Azurite ? await AzuriteServer.StartAsync() : null);

    public async ValueTask DisposeAsync()
    {
        if (Azurite is not null)
        {
            Environment.SetEnvironmentVariable(ConnectionVariable, null);
            await Azurite.DisposeAsync();
        }
        _folder.Dispose();
    }
}
