using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Output;
using Dpvr.Data.Verification;

namespace Dpvr.Data.Requests.OpenAi;

/// <summary>Turns the output of an ended job into OpenAI's batch files, a line at a time. Done again it gives the same files.</summary>
public sealed class BatchOutput(JobStore store)
{
    /// <summary>Writes the two files; one that would be empty is not written.</summary>
    /// <param name="job">The job, with its output assembled.</param>
    /// <param name="outputKey">Blob of the answers.</param>
    /// <param name="errorKey">Blob of the errors.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BlobStoreException">There is no output, or the store refused.</exception>
    public async Task<BatchOutputFiles> WriteAsync(JobId job, string outputKey, string errorKey, CancellationToken cancellationToken = default)
    {
        var prefix = store.Layout.OutputOf(job);
        var manifest = await store.ReadManifestAsync(prefix + OutputNames.Manifest, cancellationToken);
        if (manifest is null || manifest.Job != job) throw new BlobStoreException(ErrorCodes.Internal, $"Job {job} has no output yet.");
        var lines = new BatchOutputLines(job, manifest.Created);
        var (completed, outputBytes) = await CopyAsync(prefix + OutputNames.Captions, outputKey, lines, cancellationToken);
        var (failed, errorBytes) = await CopyAsync(prefix + OutputNames.Errors, errorKey, lines, cancellationToken);
        return new BatchOutputFiles(completed, outputBytes, failed, errorBytes);
    }

    private async Task<(long Lines, long Bytes)> CopyAsync(string from, string to, BatchOutputLines lines, CancellationToken cancellationToken)
    {
        await using var stream = await store.Blobs.OpenReadAsync(from, cancellationToken) ?? throw new BlobStoreException(ErrorCodes.Internal, $"{from} is gone, although its manifest lists it.");
        IStagedBlob? staged = null;
        try
        {
            long count = 0, bytes = 0;
            await foreach (var (line, _) in LineReader.ReadAsync(stream, cancellationToken))
            {
                staged ??= await store.Blobs.StageAsync(to, cancellationToken);
                var written = lines.Of(JsonSerializer.Deserialize(line.Span, DpvrJson.Line.ItemRecord)!);
                await staged.Stream.WriteAsync(written, cancellationToken);
                (count, bytes) = (count + 1, bytes + written.Length);
            }
            if (staged is not null) await staged.CommitAsync(cancellationToken);
            return (count, bytes);
        }
        finally
        {
            if (staged is not null) await staged.DisposeAsync();
        }
    }
}
