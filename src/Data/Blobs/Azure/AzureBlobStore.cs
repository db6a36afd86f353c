using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Dpvr.Data.Blobs.Azure;

/// <summary>Blobs in a container of Azure Blob Storage, under a prefix. Conditions are the service's own (If-None-Match, If-Match), so they hold between machines.</summary>
public sealed class AzureBlobStore : IBlobStore
{
    private const int DeletesAtOnce = 16;
    private readonly AzureContainer _container;
    private readonly AzureWriter _writer;

    internal AzureBlobStore(BlobContainerClient container, string prefix, AzureBlobOptions options, TimeProvider time, DateTimeOffset? credentialsEnd = null)
    {
        options.Validate();
        BlobKeys.CheckPrefix(prefix);
        _container = new AzureContainer(container, AzureNames.Of(prefix), options, time, credentialsEnd);
        _writer = new AzureWriter(_container);
    }

    /// <summary>Where it is, without any secret.</summary>
    public string Location => _container.Location;

    /// <inheritdoc/>
    public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, BlobDurability durability = BlobDurability.Durable, CancellationToken cancellationToken = default) =>
        await _writer.WriteAsync(key, content, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken) is not null;

    /// <inheritdoc/>
    public async Task<string> PutAsync(string key, ReadOnlyMemory<byte> content, BlobDurability durability = BlobDurability.Durable, CancellationToken cancellationToken = default) =>
        (await _writer.WriteAsync(key, content, null, cancellationToken))!;

    /// <inheritdoc/>
    public Task<string?> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(etag);
        return _writer.WriteAsync(key, content, new BlobRequestConditions { IfMatch = new ETag(etag) }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IStagedBlob> StageAsync(string key, CancellationToken cancellationToken = default)
    {
        BlobKeys.Check(key);
        return Task.FromResult<IStagedBlob>(new AzureStagedBlob(_container, key));
    }

    /// <inheritdoc/>
    public async Task<BlobContent?> GetAsync(string key, CancellationToken cancellationToken = default)
    {
        await using var stream = await AzureReadStream.OpenAsync(_container, key, cancellationToken);
        if (stream is null) return null;
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return new BlobContent(bytes, stream.ETag);
    }

    /// <inheritdoc/>
    public Task<byte[]?> GetRangeAsync(string key, long offset, int length, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return AzureReadStream.ReadRangeAsync(_container, key, offset, length, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken = default) => await AzureReadStream.OpenAsync(_container, key, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken = default) =>
        _container.OnBlobAsync(key, writes: false, async (blob, _, token) => (await blob.ExistsAsync(token)).Value, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var entry in ListEntriesAsync(prefix, cancellationToken)) yield return entry.Key;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobEntry> ListEntriesAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        BlobKeys.CheckPrefix(prefix);
        var pages = PagesAsync(prefix, (container, from) => container.GetBlobsAsync(new GetBlobsOptions { Prefix = from }, CancellationToken.None), cancellationToken);
        await foreach (var page in pages)
            foreach (var item in page)
                yield return new BlobEntry(_container.KeyOf(item.Name), item.Properties.ContentLength ?? 0, item.Properties.ETag is { } etag ? AzureNames.Of(etag) : "");
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellationToken = default)
    {
        BlobKeys.CheckPrefix(prefix);
        var folders = new List<string>();
        var pages = PagesAsync(
            prefix, (container, from) => container.GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Delimiter = "/", Prefix = from }, CancellationToken.None), cancellationToken);
        await foreach (var page in pages)
            folders.AddRange(page.Where(static item => item.IsPrefix).Select(item => _container.KeyOf(item.Prefix)[prefix.Length..].TrimEnd('/')));
        return folders;
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default) =>
        // An earlier try may have removed it and its answer got lost: then it is gone by our doing.
        _container.OnBlobAsync(key, writes: true, async (blob, again, token) => (await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, null, token)).Value || again, cancellationToken);

    /// <inheritdoc/>
    public async Task DeletePrefixAsync(string prefix, CancellationToken cancellationToken = default)
    {
        BlobKeys.CheckPrefix(prefix);
        if (prefix.Length == 0) throw new ArgumentException("The whole store is not deleted by an empty prefix.", nameof(prefix));
        await Parallel.ForEachAsync(
            ListAsync(prefix, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancellationToken },
            async (key, token) => await DeleteAsync(key, token));
    }

    /// <summary>Nothing to do: the service acknowledges a write when it is durable.</summary>
    public Task FlushAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    private async IAsyncEnumerable<IReadOnlyList<T>> PagesAsync<T>(
        string prefix, Func<BlobContainerClient, string, AsyncPageable<T>> list, [EnumeratorCancellation] CancellationToken cancellationToken) where T : notnull
    {
        string? next = null;
        do
        {
            var from = next;
            var page = await _container.OnContainerAsync($"the list of {prefix}", writes: false, (client, _, token) => PageAsync(list(client, _container.Prefix + AzureNames.Of(prefix)), from, token), cancellationToken);
            next = page?.ContinuationToken;
            if (page is not null) yield return page.Values;
        }
        while (!string.IsNullOrEmpty(next));
    }

    private async Task<Page<T>?> PageAsync<T>(AsyncPageable<T> list, string? from, CancellationToken cancellationToken) where T : notnull
    {
        await foreach (var page in list.AsPages(from, _container.PageBlobs).WithCancellation(cancellationToken)) return page;
        return null;
    }
}
