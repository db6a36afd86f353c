using System.Security.Cryptography;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Sources;

namespace Dpvr.Data.Requests;

/// <summary>Pictures that came with a request, kept in the store under their SHA-256: the same picture is kept once, and a request refers to it (claim check).</summary>
public sealed class PictureClaims(IBlobStore blobs, JobLayout layout)
{
    /// <summary>Keeps a picture. It survives a power cut once the store was flushed.</summary>
    /// <returns>Its name in a row, as <c>store:pictures/ab/ab…</c>.</returns>
    public async Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        var key = layout.Picture(Convert.ToHexStringLower(SHA256.HashData(bytes.Span)));
        await blobs.TryCreateAsync(key, bytes, BlobDurability.Lazy, cancellationToken); // what is there already is the same
        return StorePictures.NameOf(key);
    }
}
