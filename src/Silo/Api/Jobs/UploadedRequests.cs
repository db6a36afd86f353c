using System.Globalization;
using System.Text;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Blobs;
using Dpvr.Data.Sources;
using Dpvr.Silo.Api.Files;
using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>An uploaded file of requests (docs/requests.md) as a job's source. Its rows name pictures by URL; the store's own blobs are not theirs to name.</summary>
internal sealed class UploadedRequests(FileStore files, IBlobStore blobs)
{
    /// <summary>The source, and the room that its rows need.</summary>
    /// <exception cref="RefusedException">There is no such file, or a row names a blob of the store.</exception>
    /// <exception cref="DatasetException">The file cannot be read as requests.</exception>
    public async Task<(SourceSpec Source, RequestLimits Limits)> OpenAsync(SourceRequest request, int newTokens, CancellationToken cancellationToken)
    {
        if (request.Root is not null || request.Path is not null || request.Manifest is not null || request.Globs is not null || request.Recursive is not null)
            throw new RefusedException("source.file", request.File, "a file alone, without root, path, manifest, globs and recursive");
        if (await files.FindAsync(request.File!, cancellationToken) is not { } file) throw new RefusedException("source.file", request.File, "the id of an uploaded file (/v1/files)");
        var source = new SourceSpec { Kind = SourceKinds.Requests, Root = StorePictures.NameOf(FileStore.ContentOf(file.Id)) };
        var (bytes, tokens) = (0, newTokens);
        await foreach (var item in DatasetReaders.Open(source, new SourceAccess { Store = blobs }).ListAsync(cancellationToken))
        {
            if (StorePictures.KeyOf(item.Locator) is not null)
                throw new RefusedException("source.file", item.Locator, string.Create(CultureInfo.InvariantCulture, $"pictures named by http or https URL (request {item.Index + 1}, '{item.CustomId}')"));
            bytes = Math.Max(bytes, Encoding.UTF8.GetByteCount(item.Request?.Prompt ?? ""));
            tokens = Math.Max(tokens, item.Request?.MaxTokens ?? 0);
        }
        return (source, RequestLimits.For(bytes, tokens));
    }
}
