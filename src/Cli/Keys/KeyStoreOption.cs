using System.CommandLine;
using Dpvr.Cli.Cluster;
using Dpvr.Silo.Api.Auth;

namespace Dpvr.Cli.Keys;

/// <summary>The store whose keys a command is about.</summary>
internal sealed class KeyStoreOption
{
    public Option<string?> Option { get; } = new("--store", "-s") { HelpName = "location", Description = "The store of the server, as its --store. Default: $DPVR_STORE." };

    /// <exception cref="UsageException">No store was given, or it is none.</exception>
    public BlobApiKeyStore Open(ParseResult result) =>
        (result.GetValue(Option) ?? Environment.GetEnvironmentVariable("DPVR_STORE")) is { Length: > 0 } store
            ? new BlobApiKeyStore(StoreServices.Open(store))
            : throw new UsageException("--store is missing, and DPVR_STORE is not set; allowed: the store of the server, as in dpvr-data.");
}
