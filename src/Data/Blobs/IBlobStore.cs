namespace Dpvr.Data.Blobs;

/// <summary>
/// Named byte sequences, in the terms that object stores and file systems share. A blob is visible whole or not at all.
/// Keys are '/'-separated, without empty, '.' or '..' segments. Every failure that is no conflict throws <see cref="BlobStoreException"/> with a code.
/// </summary>
public interface IBlobStore
{
    /// <summary>Creates the blob if there is none (If-None-Match: *). Of any number of racing calls exactly one creates it. False: there is one already.</summary>
    Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, BlobDurability durability = BlobDurability.Durable, CancellationToken cancellationToken = default);

    /// <summary>Writes the blob, whatever was there, in one step. Returns its ETag.</summary>
    Task<string> PutAsync(string key, ReadOnlyMemory<byte> content, BlobDurability durability = BlobDurability.Durable, CancellationToken cancellationToken = default);

    /// <summary>Writes the blob only over the version named (If-Match). Null: the blob has changed or is gone.</summary>
    Task<string?> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken = default);

    /// <summary>Begins a blob that is written in pieces and appears whole with <see cref="IStagedBlob.CommitAsync"/>.</summary>
    Task<IStagedBlob> StageAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Reads a blob; null when there is none.</summary>
    Task<BlobContent?> GetAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Reads <paramref name="length"/> bytes from <paramref name="offset"/>; fewer at the end; null when there is no blob.</summary>
    Task<byte[]?> GetRangeAsync(string key, long offset, int length, CancellationToken cancellationToken = default);

    /// <summary>Opens a blob to be read as a stream, as it was at that moment; null when there is none. A store that cannot keep a replaced version fails the read instead: a reader never sees two versions mixed.</summary>
    Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>True when the blob exists.</summary>
    Task<bool> ExistsAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>The keys that begin with <paramref name="prefix"/> (empty, or ending with '/'), in no order.</summary>
    IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>The blobs whose keys begin with <paramref name="prefix"/>, with size and version, in no order. A store of files reads every one of them for that.</summary>
    IAsyncEnumerable<BlobEntry> ListEntriesAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>The first path segments below <paramref name="prefix"/> (empty, or ending with '/') that hold further keys.</summary>
    Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Removes a blob; false when there was none.</summary>
    Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Removes every blob whose key begins with <paramref name="prefix"/> (ending with '/').</summary>
    Task DeletePrefixAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Makes everything written with <see cref="BlobDurability.Lazy"/> survive a power cut.</summary>
    Task FlushAsync(CancellationToken cancellationToken = default);
}
