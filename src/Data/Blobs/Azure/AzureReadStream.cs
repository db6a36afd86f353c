using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Dpvr.Contracts.Results;

namespace Dpvr.Data.Blobs.Azure;

/// <summary>
/// Reads one version of a blob, a piece at a time: every request names the ETag of the first, and has the tries and the deadline of any request. A blob that fits one piece was
/// read in full when it was opened.
/// </summary>
internal sealed class AzureReadStream : Stream
{
    private readonly AzureContainer _container;
    private readonly string _key;
    private ReadOnlyMemory<byte> _piece;
    private long _pieceStart;
    private long _position;

    private AzureReadStream(AzureContainer container, string key, Piece first)
    {
        (_container, _key, _piece) = (container, key, first.Bytes);
        (Length, ETag) = (first.Total, first.ETag);
    }

    public string ETag { get; }

    public override long Length { get; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <summary>Opens it; null when there is no blob.</summary>
    public static async Task<AzureReadStream?> OpenAsync(AzureContainer container, string key, CancellationToken cancellationToken) =>
        await ReadAsync(container, key, 0, container.PieceBytes, null, cancellationToken) is { } first ? new AzureReadStream(container, key, first) : null;

    /// <summary>Reads a range of one version; fewer bytes at the end; null when there is no blob.</summary>
    public static async Task<byte[]?> ReadRangeAsync(AzureContainer container, string key, long offset, int length, CancellationToken cancellationToken)
    {
        if (await ReadAsync(container, key, offset, Math.Min(length, container.PieceBytes), null, cancellationToken) is not { } first) return null;
        var bytes = new byte[(int)Math.Min(length, Math.Max(0, first.Total - offset))];
        first.Bytes[..Math.Min(first.Bytes.Length, bytes.Length)].CopyTo(bytes);
        for (var at = first.Bytes.Length; at < bytes.Length;)
        {
            var next = await ReadAsync(container, key, offset + at, Math.Min(bytes.Length - at, container.PieceBytes), first.ETag, cancellationToken);
            next!.Bytes.CopyTo(bytes.AsMemory(at));
            at += next.Bytes.Length;
        }
        return bytes;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0 || _position >= Length) return 0;
        if (_position >= _pieceStart + _piece.Length)
        {
            _piece = (await ReadAsync(_container, _key, _position, _container.PieceBytes, ETag, cancellationToken))!.Bytes;
            _pieceStart = _position;
        }
        var from = (int)(_position - _pieceStart);
        var count = Math.Min(buffer.Length, _piece.Length - from);
        _piece.Slice(from, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously only.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static Task<Piece?> ReadAsync(AzureContainer container, string key, long offset, int length, string? etag, CancellationToken cancellationToken) =>
        container.OnBlobAsync(key, writes: false, (blob, _, token) => TryAsync(blob, key, offset, length, etag, token), cancellationToken);

    private static async Task<Piece?> TryAsync(BlockBlobClient blob, string key, long offset, int length, string? etag, CancellationToken cancellationToken)
    {
        try
        {
            if (length == 0) return await EmptyAsync();
            var options = new BlobDownloadOptions { Range = new HttpRange(offset, length), Conditions = etag is null ? null : new BlobRequestConditions { IfMatch = new ETag(etag) } };
            var reply = (await blob.DownloadStreamingAsync(options, cancellationToken)).Value;
            await using var content = reply.Content;
            // Content-Range: bytes 0-4194303/10000000
            var range = reply.Details.ContentRange;
            var total = range is null ? reply.Details.ContentLength : long.Parse(range[(range.LastIndexOf('/') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            var bytes = new byte[Math.Min(length, total - offset)];
            await content.ReadExactlyAsync(bytes, cancellationToken);
            return new Piece(bytes, total, AzureNames.Of(reply.Details.ETag));
        }
        catch (RequestFailedException e) when (e.Status == 416)
        {
            return await EmptyAsync();
        }
        catch (RequestFailedException e) when (etag is null && AzureErrors.IsGone(e))
        {
            return null;
        }
        catch (RequestFailedException e) when (etag is not null && (e.Status == 412 || AzureErrors.IsGone(e)))
        {
            throw new BlobStoreException(ErrorCodes.Internal, $"{key} was replaced while it was read.");
        }

        // The range begins at or after the end, as every range of an empty blob does.
        async Task<Piece> EmptyAsync()
        {
            var properties = (await blob.GetPropertiesAsync(null, cancellationToken)).Value;
            return new Piece([], properties.ContentLength, AzureNames.Of(properties.ETag));
        }
    }

    private sealed record Piece(byte[] Bytes, long Total, string ETag);
}
