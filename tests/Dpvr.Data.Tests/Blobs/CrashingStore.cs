using Dpvr.Data.Blobs;

namespace Dpvr.Data.Tests.Blobs;

/// <summary>A store whose process dies after so many changes: the next one, and every one after it, never happens.</summary>
internal sealed class CrashingStore(IBlobStore inner, int changes) : IBlobStore
{
    private int _left = changes;

    public bool Crashed => _left < 0;

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, BlobDurability durability, CancellationToken cancellationToken) =>
        Change(() => inner.TryCreateAsync(key, content, durability, cancellationToken));

    public Task<string> PutAsync(string key, ReadOnlyMemory<byte> content, BlobDurability durability, CancellationToken cancellationToken) =>
        Change(() => inner.PutAsync(key, content, durability, cancellationToken));

    public Task<string?> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken) =>
        Change(() => inner.TryReplaceAsync(key, content, etag, cancellationToken));

    public async Task<IStagedBlob> StageAsync(string key, CancellationToken cancellationToken) => new Staged(this, await inner.StageAsync(key, cancellationToken));

    public Task<BlobContent?> GetAsync(string key, CancellationToken cancellationToken) => inner.GetAsync(key, cancellationToken);

    public Task<byte[]?> GetRangeAsync(string key, long offset, int length, CancellationToken cancellationToken) => inner.GetRangeAsync(key, offset, length, cancellationToken);

    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => inner.OpenReadAsync(key, cancellationToken);

    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) => inner.ExistsAsync(key, cancellationToken);

    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<BlobEntry> ListEntriesAsync(string prefix, CancellationToken cancellationToken) => inner.ListEntriesAsync(prefix, cancellationToken);

    public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => inner.ListFoldersAsync(prefix, cancellationToken);

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => Change(() => inner.DeleteAsync(key, cancellationToken));

    public Task DeletePrefixAsync(string prefix, CancellationToken cancellationToken) => Change(() => inner.DeletePrefixAsync(prefix, cancellationToken));

    public Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    private T Change<T>(Func<T> change) where T : Task => --_left >= 0 ? change() : throw new BlobStoreException("killed", "the process is gone");

    private sealed class Staged(CrashingStore store, IStagedBlob inner) : IStagedBlob
    {
        public Stream Stream => inner.Stream;

        public Task SealAsync(CancellationToken cancellationToken) => inner.SealAsync(cancellationToken);

        public Task CommitAsync(CancellationToken cancellationToken) => store.Change(() => inner.CommitAsync(cancellationToken));

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
