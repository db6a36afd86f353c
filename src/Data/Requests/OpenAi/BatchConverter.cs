using System.Buffers;
using System.Text;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Requests.OpenAi;

/// <summary>
/// Turns a file of OpenAI batch lines into a source of requests in the store. One line is in memory at a time: pictures in data URLs go to the store
/// (<see cref="PictureClaims"/>), the rows refer to them. The rows appear only when every line is good.
/// </summary>
public sealed class BatchConverter(IBlobStore blobs, JobLayout layout)
{
    /// <summary>Errors that are kept at most; the rest are counted.</summary>
    public const int MostErrors = 100;

    /// <summary>Converts a file.</summary>
    /// <param name="input">Its lines.</param>
    /// <param name="rowsKey">The blob that the rows become; not written when a line is bad. A job reads it as <c>StorePictures.NameOf(rowsKey)</c>.</param>
    /// <param name="rules">What a request may be.</param>
    /// <param name="newTokens">Length of an answer where a line says none.</param>
    /// <param name="cancellationToken">Ends it; nothing but pictures is left.</param>
    /// <exception cref="BlobStoreException">The store refused.</exception>
    public async Task<BatchConversion> ConvertAsync(Stream input, string rowsKey, ChatRules rules, int newTokens, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(rules);
        var pictures = new PictureClaims(blobs, layout);
        var tally = new BatchTally(newTokens);
        var buffer = new ArrayBufferWriter<byte>();
        await using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        await using var staged = await blobs.StageAsync(rowsKey, cancellationToken);
        await foreach (var (number, line) in BoundedLines.ReadAsync(input, rules.MaxLine, cancellationToken))
        {
            if (line is { Span: var text } && text.Trim(" \t"u8).IsEmpty) continue;
            var (request, error) = line is { } bytes ? BatchLine.Parse(bytes, rules) : (null, new OpenAiError("line_too_long", $"The line has more than {rules.MaxLine} bytes."));
            if ((error ?? tally.Refuse(request!)) is { } why)
            {
                tally.Add(why with { Line = number });
                continue;
            }
            tally.Add(request!);
            if (tally.ErrorCount > 0) continue; // nothing will be written: only further errors are of interest
            var chat = request!.Chat;
            var image = chat.Picture.Url ?? await pictures.PutAsync(chat.Picture.Bytes!.Value, cancellationToken);
            buffer.ResetWrittenCount();
            writer.Reset();
            RequestRows.Write(writer, new RequestRow { CustomId = request.CustomId, Image = image, Request = chat.Request });
            await writer.FlushAsync(cancellationToken);
            buffer.Write("\n"u8);
            await staged.Stream.WriteAsync(buffer.WrittenMemory, cancellationToken);
        }
        if (tally.ErrorCount == 0)
        {
            await blobs.FlushAsync(cancellationToken); // the pictures first: no row names one that a power cut took
            await staged.CommitAsync(cancellationToken);
        }
        return tally.Finish();
    }
}
