using Azure;
using Dpvr.Contracts.Results;

namespace Dpvr.Data.Blobs.Azure;

/// <summary>A blob in the making: blocks that nobody sees until the list of them is committed. One piece is kept in memory. Blocks never committed are discarded by the service within a week.</summary>
internal sealed class AzureStagedBlob : IStagedBlob
{
    private readonly AzureContainer _container;
    private readonly string _key;
    private readonly PieceStream _stream;
    private readonly List<string> _blocks = [];
    private readonly Guid _upload = Guid.NewGuid();
    private readonly string _call = Guid.NewGuid().ToString("n");

    public AzureStagedBlob(AzureContainer container, string key)
    {
        (_container, _key) = (container, key);
        _stream = new PieceStream(container.PieceBytes, SendAsync);
    }

    public Stream Stream => _stream;

    public Task SealAsync(CancellationToken cancellationToken = default) => _stream.FinishAsync(cancellationToken);

    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        await _stream.FinishAsync(cancellationToken);
        await _container.OnBlobAsync(
            _key,
            writes: true,
            async (blob, _, token) =>
            {
                try
                {
                    return await AzureWriter.CommitAsync(blob, _blocks, _call, null, token);
                }
                catch (RequestFailedException e) when (e.ErrorCode == "InvalidBlockList")
                {
                    return await AzureWriter.IfOursAsync(blob, _call, token)
                        ?? throw new BlobStoreException(ErrorCodes.StoreUnavailable, $"{_key}: another writer of the same blob committed first, which discarded these blocks; do it again.");
                }
            },
            cancellationToken);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task SendAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        var block = AzureWriter.BlockId(_upload, _blocks.Count);
        await AzureWriter.StageAsync(_container, _key, block, piece, cancellationToken);
        _blocks.Add(block);
    }
}
