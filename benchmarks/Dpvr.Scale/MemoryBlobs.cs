using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Dpvr.Data.Blobs;

namespace Dpvr.Scale;

/// <summary>
/// Blobs in memory, to see what the coordinator itself costs. Lines of plans and data of shards are counted and thrown away: a hundred million of them would measure
/// this machine's memory instead.
/// </summary>
internal sealed class MemoryBlobs : IBlobStore
{
    private readonly ConcurrentDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, byte>> _folders = new(StringComparer.Ordinal);
    private long _bytes;

    public long BytesWritten => Interlocked.Read(ref _bytes);

    public long BytesHeld => _blobs.Sum(static b => (long)b.Value.Length);

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, BlobDurability durability = BlobDurability.Durable, CancellationToken cancellationToken = default)
    {
        if (!_blobs.TryAdd(key, Keep(key, content))) return Task.FromResult(false);
        Index(key);
        return Task.FromResult(true);
    }

    public Task<string> PutAsync(string key, ReadOnlyMemory<byte> content, BlobDurability durability = BlobDurability.Durable, CancellationToken cancellationToken = default)
    {
        _blobs[key] = Keep(key, content);
        Index(key);
        return Task.FromResult(ETag(content.Span));
    }

    public Task<string?> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken = default) =>
        Task.FromResult(_blobs.TryGetValue(key, out var old) && ETag(old) == etag && _blobs.TryUpdate(key, content.ToArray(), old) ? ETag(content.Span) : null);

    public Task<BlobContent?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        Task.FromResult(_blobs.TryGetValue(key, out var bytes) ? new BlobContent(bytes, ETag(bytes)) : null);

    public Task<byte[]?> GetRangeAsync(string key, long offset, int length, CancellationToken cancellationToken = default) => throw new NotSupportedException("The plan's lines were thrown away.");

    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken = default) => Task.FromResult<Stream?>(_blobs.TryGetValue(key, out var bytes) ? new MemoryStream(bytes) : null);

    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken = default) => Task.FromResult(_blobs.ContainsKey(key));

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        if (_folders.TryGetValue(prefix, out var names))
            foreach (var name in names.Keys) yield return prefix + name;
    }

    public async IAsyncEnumerable<BlobEntry> ListEntriesAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var key in ListAsync(prefix, cancellationToken))
            if (_blobs.TryGetValue(key, out var bytes))
                yield return new BlobEntry(key, bytes.Length, ETag(bytes));
    }

    public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<string>>([.. _folders.Keys.Where(f => f.Length > prefix.Length && f.StartsWith(prefix, StringComparison.Ordinal)).Select(f => f[prefix.Length..f.IndexOf('/', prefix.Length)]).Distinct()]);

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        if (_folders.TryGetValue(Folder(key), out var names)) names.TryRemove(key[Folder(key).Length..], out _);
        return Task.FromResult(_blobs.TryRemove(key, out _));
    }

    public Task<IStagedBlob> StageAsync(string key, CancellationToken cancellationToken = default) => throw new NotSupportedException("Output is not part of this.");

    public Task DeletePrefixAsync(string prefix, CancellationToken cancellationToken = default) => throw new NotSupportedException("Nothing is removed.");

    public Task FlushAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    private byte[] Keep(string key, ReadOnlyMemory<byte> content)
    {
        Interlocked.Add(ref _bytes, content.Length);
        return key.EndsWith(".jsonl", StringComparison.Ordinal) ? [] : content.ToArray();
    }

    private void Index(string key) => _folders.GetOrAdd(Folder(key), static _ => new(StringComparer.Ordinal)).TryAdd(key[Folder(key).Length..], 0);

    private static string Folder(string key) => key[..(key.LastIndexOf('/') + 1)];

    private static string ETag(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes).AsSpan(0, 8));
}
