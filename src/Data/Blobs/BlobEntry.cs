namespace Dpvr.Data.Blobs;

/// <summary>A blob as a listing shows it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="ETag">Its version: the same that <see cref="IBlobStore.GetAsync"/> gives.</param>
public sealed record BlobEntry(string Key, long Size, string ETag);
