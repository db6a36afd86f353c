using Dpvr.Silo.Api.Problems;
using Dpvr.Silo.Intake;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Dpvr.Silo.Api.Files;

/// <summary>A multipart upload that goes to the store as it comes: fields and file in any order, never the file in memory.</summary>
internal sealed class FileUpload(FileStore files, FileQuota quota)
{
    private static readonly string[] s_purposes = ["batch", "vision", "user_data"];
    private const int LongestField = 1024;

    /// <summary>What a body has beside its file, at most.</summary>
    public const int Overhead = 64 << 10;

    public async Task<FileObject> TakeAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
            throw ApiProblemException.Of(415, "unsupported_media_type", "A file comes as multipart/form-data with the fields purpose and file.", "Content-Type", request.ContentType, "multipart/form-data");
        string? purpose = null, name = null;
        (long Bytes, string Sha256)? written = null;
        var id = files.NewId();
        using var room = await quota.OpenAsync(Math.Max(0, (request.ContentLength ?? 0) - Overhead), cancellationToken);
        try
        {
            var reader = new MultipartReader(boundary, request.Body) { HeadersLengthLimit = 16 << 10 };
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var part)) continue;
                switch (HeaderUtilities.RemoveQuotes(part.Name).Value)
                {
                    case "file" when written is null:
                        name = NameOf(part);
                        written = await files.WriteAsync(id, section.Body, room, cancellationToken);
                        break;
                    case "purpose":
                        purpose = await FieldAsync(section, cancellationToken);
                        break;
                    default:
                        await section.Body.CopyToAsync(Stream.Null, cancellationToken); // fields that other servers know, as expires_after
                        break;
                }
            }
            if (purpose is null || !s_purposes.Contains(purpose, StringComparer.Ordinal)) throw new RefusedException("purpose", purpose, string.Join(", ", s_purposes));
            if (written is not { } content) throw new RefusedException("file", null, "a file in the field file");
            return await files.KeepAsync(id, name!, purpose, content.Bytes, content.Sha256, cancellationToken);
        }
        catch (Exception e)
        {
            if (written is not null) await files.DeleteAsync(id, CancellationToken.None);
            if (e is InvalidDataException or IOException and not BadHttpRequestException and not Data.Blobs.BlobStoreException && !cancellationToken.IsCancellationRequested)
                throw ApiProblemException.Of(400, "malformed_multipart", "The body is no multipart/form-data that can be read.", "body", allowed: "multipart/form-data that ends with its boundary");
            throw;
        }
    }

    private static async Task<string> FieldAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        var text = new char[LongestField];
        using var reader = new StreamReader(section.Body);
        return new string(text, 0, await reader.ReadBlockAsync(text, cancellationToken));
    }

    // A name is shown and never used as a path; what could disturb a terminal or a page is left out.
    private static string NameOf(ContentDispositionHeaderValue part)
    {
        var sent = HeaderUtilities.RemoveQuotes(part.FileNameStar.HasValue ? part.FileNameStar : part.FileName).Value ?? "";
        var name = new string([.. sent[(sent.LastIndexOfAny(['/', '\\']) + 1)..].Where(static c => !char.IsControl(c)).Take(255)]);
        return name.Length > 0 ? name : "upload";
    }
}
