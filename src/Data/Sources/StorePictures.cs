using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;

namespace Dpvr.Data.Sources;

/// <summary>Pictures and manifests in the job's own store, named as <c>store:key</c>.</summary>
public static class StorePictures
{
    /// <summary>What such names begin with.</summary>
    public const string Scheme = "store:";

    /// <summary>Bytes of a picture at most.</summary>
    public const int MaxBytes = 256 << 20;

    /// <summary>The name of a blob in a source.</summary>
    public static string NameOf(string key) => Scheme + key;

    /// <summary>The blob's key; null when the name is none of a blob.</summary>
    public static string? KeyOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(Scheme, StringComparison.Ordinal) ? name[Scheme.Length..] : null;
    }

    /// <summary>A picture's bytes, or why there are none.</summary>
    /// <exception cref="BlobStoreException">The store as a whole refuses or does not answer: that is no fault of the picture.</exception>
    public static async Task<SourceBytes> ReadAsync(IBlobStore? store, string key, CancellationToken cancellationToken = default)
    {
        if (store is null) return SourceBytes.Failed(ErrorCodes.SourceUnavailable, "There is no store to read the picture from.");
        try
        {
            if (await store.GetRangeAsync(key, 0, MaxBytes + 1, cancellationToken) is not { } bytes) return SourceBytes.Failed(ErrorCodes.SourceMissing, "The picture is not in the store.");
            if (bytes.Length > MaxBytes) return SourceBytes.Failed(ErrorCodes.DecodeLimit, $"The picture has more than {MaxBytes} bytes.");
            return bytes.Length == 0 ? SourceBytes.Failed(ErrorCodes.Empty, "The picture has no bytes.") : SourceBytes.Of(bytes);
        }
        catch (BlobStoreException e) when (!ErrorCodes.IsResumable(e.Code))
        {
            return SourceBytes.Failed(ErrorCodes.SourceUnreadable, e.Message);
        }
        catch (ArgumentException)
        {
            return SourceBytes.Failed(ErrorCodes.UnsafePath, "The name is no key of a blob.");
        }
    }
}
