using System.Runtime.CompilerServices;
using Dpvr.Data.Blobs;

namespace Dpvr.Data.Telemetry;

/// <summary>A store whose calls are counted and timed. Pieces of a staged blob and of a stream are not: they are the caller's own time.</summary>
internal sealed class MeasuredBlobStore(IBlobStore store, StoreInstruments instruments) : IBlobStore
{
    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, BlobDurability durability = BlobDurability.Durable, CancellationToken cancellationToken = default) =>
        instruments.RunAsync("create", static created => !created, () => store.TryCreateAsync(key, content, durability, cancellationToken));

    public Task<string> PutAsync(string key, ReadOnlyMemory<byte> content, BlobDurability durability = BlobDurability.Durable, CancellationToken cancellationToken = default) =>
        instruments.RunAsync("put", static _ => false, () => store.PutAsync(key, content, durability, cancellationToken));

    public Task<string?> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken = default) =>
        instruments.RunAsync("replace", static written => written is null, () => store.TryReplaceAsync(key, content, etag, cancellationToken));

    public Task<IStagedBlob> StageAsync(string key, CancellationToken cancellationToken = default) => instruments.RunAsync("stage", static _ => false, () => store.StageAsync(key, cancellationToken));

    public Task<BlobContent?> GetAsync(string key, CancellationToken cancellationToken = default) => instruments.RunAsync("get", static _ => false, () => store.GetAsync(key, cancellationToken));

    public Task<byte[]?> GetRangeAsync(string key, long offset, int length, CancellationToken cancellationToken = default) =>
        instruments.RunAsync("get_range", static _ => false, () => store.GetRangeAsync(key, offset, length, cancellationToken));

    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken = default) => instruments.RunAsync("open", static _ => false, () => store.OpenReadAsync(key, cancellationToken));

    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken = default) => instruments.RunAsync("exists", static _ => false, () => store.ExistsAsync(key, cancellationToken));

    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken = default) => CountAsync(store.ListAsync(prefix, cancellationToken), cancellationToken);

    public IAsyncEnumerable<BlobEntry> ListEntriesAsync(string prefix, CancellationToken cancellationToken = default) => CountAsync(store.ListEntriesAsync(prefix, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellationToken = default) =>
        instruments.RunAsync("list", static _ => false, () => store.ListFoldersAsync(prefix, cancellationToken));

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default) => instruments.RunAsync("delete", static _ => false, () => store.DeleteAsync(key, cancellationToken));

    public Task DeletePrefixAsync(string prefix, CancellationToken cancellationToken = default) => instruments.RunAsync("delete_prefix", static _ => false, async () =>
    {
        await store.DeletePrefixAsync(prefix, cancellationToken);
        return true;
    });

    public Task FlushAsync(CancellationToken cancellationToken = default) => instruments.RunAsync("flush", static _ => false, async () =>
    {
        await store.FlushAsync(cancellationToken);
        return true;
    });

    // Only up to its first entry: what comes after goes at the reader's pace.
    private async IAsyncEnumerable<T> CountAsync<T>(IAsyncEnumerable<T> entries, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var entry = entries.GetAsyncEnumerator(cancellationToken);
        if (!await instruments.RunAsync("list", static _ => false, async () => await entry.MoveNextAsync())) yield break;
        do yield return entry.Current;
        while (await entry.MoveNextAsync());
    }
}
