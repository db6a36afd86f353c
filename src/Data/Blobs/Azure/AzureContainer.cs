using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Dpvr.Data.Blobs.Azure;

/// <summary>The container, the prefix in it, and the way of calling it. The container is made before the first call, if that is wanted and allowed.</summary>
internal sealed class AzureContainer(BlobContainerClient client, string prefix, AzureBlobOptions options, TimeProvider time, DateTimeOffset? credentialsEnd)
{
    private readonly AzureCalls _calls = new(options, time, () => credentialsEnd is { } end && end <= time.GetUtcNow());
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile bool _ready = !options.CreateContainer;

    public string Prefix => prefix;

    public int PieceBytes => options.PieceBytes;

    public int PageBlobs => options.PageBlobs;

    public string Location => $"{client.Uri.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{prefix}";

    public string KeyOf(string name) => AzureNames.KeyOf(name[prefix.Length..]);

    public Task<T> OnBlobAsync<T>(string key, bool writes, Func<BlockBlobClient, bool, CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        BlobKeys.Check(key);
        var blob = client.GetBlockBlobClient(prefix + AzureNames.Of(key));
        return OnContainerAsync(key, writes, (_, again, token) => request(blob, again, token), cancellationToken);
    }

    public async Task<T> OnContainerAsync<T>(string what, bool writes, Func<BlobContainerClient, bool, CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        if (!_ready) await CreateAsync(cancellationToken);
        return await _calls.RunAsync(what, writes, (again, token) => request(client, again, token), cancellationToken);
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_ready) return;
            await _calls.RunAsync(
                $"container {client.Name}",
                writes: true,
                async (_, token) =>
                {
                    try
                    {
                        return (await client.CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: token)) is not null;
                    }
                    catch (RequestFailedException e) when (e.Status == 403)
                    {
                        return false; // Rights to its blobs alone: if it is missing, the call itself will say so.
                    }
                },
                cancellationToken);
            _ready = true;
        }
        finally
        {
            _gate.Release();
        }
    }
}
