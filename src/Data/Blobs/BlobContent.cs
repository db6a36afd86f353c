namespace Dpvr.Data.Blobs;

/// <summary>A blob as it was read.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="ETag">Its version.</param>
public sealed record BlobContent(byte[] Bytes, string ETag);
