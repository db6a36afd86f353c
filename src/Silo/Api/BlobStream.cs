using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;

namespace Dpvr.Silo.Api;

/// <summary>A blob of known length as a stream that can seek, read in pieces: what ranges of a download need.</summary>
internal sealed class BlobStream(IBlobStore blobs, string key, long length) : Stream
{
    private const int Piece = 1 << 20;
    private byte[] _piece = [];
    private long _from;
    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A position is 0 or more.");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.Length == 0) return 0;
        if (_position < _from || _position >= _from + _piece.Length)
        {
            _from = _position;
            _piece = await blobs.GetRangeAsync(key, _from, (int)Math.Min(Piece, length - _from), cancellationToken) is { Length: > 0 } bytes
                ? bytes
                : throw new BlobStoreException(ErrorCodes.Internal, $"{key} ends at {_from}, not at {length}.");
        }
        var at = (int)(_position - _from);
        var count = Math.Min(buffer.Length, _piece.Length - at);
        _piece.AsMemory(at, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Blobs are read asynchronously.");
    public override void Flush() => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
