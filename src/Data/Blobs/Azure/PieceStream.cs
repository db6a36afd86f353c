namespace Dpvr.Data.Blobs.Azure;

/// <summary>A stream to write to, which gives away every full piece. It grows with what is written, up to one piece.</summary>
internal sealed class PieceStream(int pieceBytes, Func<ReadOnlyMemory<byte>, CancellationToken, Task> send) : Stream
{
    private const int FirstBytes = 1 << 16;
    private byte[] _piece = new byte[Math.Min(pieceBytes, FirstBytes)];
    private int _filled;
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position { get => _length; set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            if (_filled == pieceBytes) await FinishAsync(cancellationToken);
            var part = buffer[..Math.Min(buffer.Length, pieceBytes - _filled)];
            if (_filled + part.Length > _piece.Length) Array.Resize(ref _piece, Math.Min(pieceBytes, Math.Max(_filled + part.Length, _piece.Length * 2)));
            part.CopyTo(_piece.AsMemory(_filled));
            _filled += part.Length;
            _length += part.Length;
            buffer = buffer[part.Length..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Written asynchronously only.");

    /// <summary>Sends what is left of the last piece. If that fails it stays, and is sent by the next call.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (_filled == 0) return;
        await send(_piece.AsMemory(0, _filled), cancellationToken);
        _filled = 0;
    }

    public override void Flush()
    {
        // A piece is sent when it is full, or at the end.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
