using Dpvr.Data.Blobs.Azure;

namespace Dpvr.Data.Blobs;

/// <summary>Opens the store that a location names.</summary>
public static class BlobStores
{
    /// <summary>Opens it. A folder is made if it is missing; a container before its first use, if <see cref="AzureBlobOptions.CreateContainer"/> and the credentials allow it.</summary>
    /// <param name="location">See <see cref="BlobLocation"/>.</param>
    /// <param name="options">Patience and piece size in Azure; null for the defaults.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="environment">Where credentials come from; null for the environment variables.</param>
    /// <exception cref="BlobLocationException">It is no location, or the credentials for it are missing or unusable.</exception>
    /// <exception cref="BlobStoreException">The folder cannot be made.</exception>
    public static IBlobStore Open(string location, AzureBlobOptions? options = null, TimeProvider? time = null, Func<string, string?>? environment = null)
    {
        var place = BlobLocation.Parse(location);
        if (place.Folder is { } folder) return new FileBlobStore(folder);
        var access = AzureAccess.For(place, environment ?? Environment.GetEnvironmentVariable);
        return new AzureBlobStore(access.Container, place.Prefix, options ?? new AzureBlobOptions(), time ?? TimeProvider.System, access.CredentialsEnd);
    }
}
