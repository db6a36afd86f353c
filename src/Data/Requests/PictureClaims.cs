using System.Security.Cryptography;
using Dpvr.Data.Blobs;
using Dpvr.Data.Sources;

namespace Dpvr.Data.Requests;

/// <summary>Pictures that came with requests, kept in the store under their SHA-256: the same picture is kept once, and requests refer to it (claim check).</summary>
/// <param name="blobs">The store.</param>
/// <param name="prefix">Where, ending with '/' (<see cref="PictureDays"/>).</param>
public sealed class PictureClaims(IBlobStore blobs, string prefix)
{
    /// <summary>Keeps a picture. It survives a power cut once the store was flushed.</summary>
    /// <returns>Its name in a row, as <c>store:pictures/2026-11-28/ab/ab…</c>.</returns>
    public async Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        var key = $"{prefix}{sha256[..2]}/{sha256}";
        // What is there already is the same: it is not sent again.
        if (!await blobs.ExistsAsync(key, cancellationToken)) await blobs.TryCreateAsync(key, bytes, BlobDurability.Lazy, cancellationToken);
        return StorePictures.NameOf(key);
    }
}
