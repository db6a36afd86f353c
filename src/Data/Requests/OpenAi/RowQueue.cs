using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dpvr.Data.Requests.OpenAi;

/// <summary>Rows in the order they came, whose pictures are still on their way into the store.</summary>
internal sealed class RowQueue : IAsyncDisposable
{
    private readonly Stream _output;
    private readonly Queue<(BatchLine Request, Task<string> Image, int Bytes)> _rows = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _writer;

    public RowQueue(Stream output) =>
        (_output, _writer) = (output, new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    public int Count => _rows.Count;

    /// <summary>Bytes of pictures that it holds.</summary>
    public long Bytes { get; private set; }

    public void Add(BatchLine request, PictureClaims pictures, CancellationToken cancellationToken)
    {
        var (url, bytes) = request.Chat.Picture;
        var image = url is not null ? Task.FromResult(url) : Task.Run(() => pictures.PutAsync(bytes!.Value, cancellationToken), cancellationToken);
        _rows.Enqueue((request, image, bytes?.Length ?? 0));
        Bytes += bytes?.Length ?? 0;
    }

    /// <summary>Writes the first, as soon as its picture is kept.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var (request, image, bytes) = _rows.Peek();
        _buffer.ResetWrittenCount();
        _writer.Reset();
        RequestRows.Write(_writer, new RequestRow { CustomId = request.CustomId, Image = await image, Request = request.Chat.Request });
        await _writer.FlushAsync(cancellationToken);
        _buffer.Write("\n"u8);
        await _output.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        _rows.Dequeue();
        Bytes -= bytes;
    }

    /// <summary>Waits for the pictures on their way: whoever failed or gave up must not go on writing.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_rows.Select(static row => (Task)row.Image)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _writer.DisposeAsync();
    }
}
