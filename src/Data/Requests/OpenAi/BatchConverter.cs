using Dpvr.Contracts.Jobs;
using Dpvr.Data.Blobs;

namespace Dpvr.Data.Requests.OpenAi;

/// <summary>
/// Turns a file of OpenAI batch lines into a source of requests in the store. One line is in memory at a time, and some pictures: those in data URLs
/// go to the store (<see cref="PictureClaims"/>), the rows refer to them. The rows appear only when every line is good.
/// </summary>
public sealed class BatchConverter(IBlobStore blobs)
{
    // A store answers many at once; that many pictures are in memory, or fewer where they are large.
    private const int PicturesAtOnce = 16;
    private const long BytesAtOnce = 32 << 20;

    /// <summary>Errors that are kept at most; the rest are counted.</summary>
    public const int MostErrors = 100;

    /// <summary>Converts a file.</summary>
    /// <param name="input">Its lines.</param>
    /// <param name="rowsKey">The blob that the rows become; not written when a line is bad. A job reads it as <c>StorePictures.NameOf(rowsKey)</c>.</param>
    /// <param name="rules">What a request may be.</param>
    /// <param name="pictures">Takes the pictures.</param>
    /// <param name="newTokens">Length of an answer where a line says none.</param>
    /// <param name="cancellationToken">Ends it; nothing but pictures is left.</param>
    /// <exception cref="BlobStoreException">The store refused.</exception>
    public async Task<BatchConversion> ConvertAsync(Stream input, string rowsKey, ChatRules rules, PictureClaims pictures, int newTokens, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(pictures);
        var tally = new BatchTally(newTokens);
        await using var staged = await blobs.StageAsync(rowsKey, cancellationToken);
        await using var rows = new RowQueue(staged.Stream);
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
            rows.Add(request!, pictures, cancellationToken);
            while (rows.Count >= PicturesAtOnce || rows.Bytes > BytesAtOnce) await rows.WriteAsync(cancellationToken);
        }
        if (tally.ErrorCount == 0)
        {
            while (rows.Count > 0) await rows.WriteAsync(cancellationToken);
            await blobs.FlushAsync(cancellationToken); // the pictures first: no row names one that a power cut took
            await staged.CommitAsync(cancellationToken);
        }
        return tally.Finish();
    }
}
