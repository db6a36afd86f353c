using Dpvr.Data;
using Dpvr.Data.Blobs;
using Dpvr.Data.Blobs.Azure;
using Dpvr.Data.Jobs;
using Dpvr.Data.Telemetry;
using Dpvr.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;

namespace Dpvr.Cli.Cluster;

/// <summary>The store that a cluster's hosts share.</summary>
internal static class StoreServices
{
    private const string NoJob = "jobs/none/job.json";

    /// <summary>Opens the store at <paramref name="location"/> as one of many jobs.</summary>
    public static IServiceCollection AddDpvrStore(this IServiceCollection services, string location)
    {
        var retries = new StoreRetries();
        var blobs = Open(location, new AzureBlobOptions { OnRetry = retries.Add });
        return services.AddSingleton(retries).AddDpvrData(_ => blobs, JobLayout.Shared);
    }

    /// <summary>A check that the store answers.</summary>
    public static IServiceCollection AddDpvrStoreCheck(this IServiceCollection services) =>
        services.AddDpvrCheck("store", "the blob store", static (provider, cancellationToken) => provider.GetRequiredService<IBlobStore>().ExistsAsync(NoJob, cancellationToken));

    /// <exception cref="UsageException">It is no location.</exception>
    public static IBlobStore Open(string location, AzureBlobOptions? options = null)
    {
        try
        {
            return BlobStores.Open(location, options);
        }
        catch (BlobLocationException e)
        {
            throw new UsageException($"--store: {e.Message}", e);
        }
    }
}
