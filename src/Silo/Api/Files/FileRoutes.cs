using Dpvr.Data.Blobs;
using Dpvr.Hosting.Auth;
using Dpvr.Silo.Api.Limits;
using Dpvr.Silo.Api.Problems;
using Dpvr.Silo.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Dpvr.Silo.Api.Files;

/// <summary><c>/v1/files</c> as OpenAI's clients call it.</summary>
internal static class FileRoutes
{
    public static void MapFiles(this IEndpointRouteBuilder app, ApiOptions options)
    {
        var files = app.MapGroup("/v1/files").WithTags("Files").WithMetadata(new BodyLimit(options.MostBodyBytes));
        files.MapGet("/", ListAsync).WithSummary("The files, newest first.");
        files.MapGet("/{id}", ReadAsync).WithSummary("A file's name, size and purpose.");
        files.MapGet("/{id}/content", ContentAsync).WithSummary("A file's content; ranges are served.");
        files.MapPost("/", UploadAsync).RequireAuthorization(ApiScope.Submit).WithMetadata(new BodyLimit(options.MostFileBytes + FileUpload.Overhead)).Produces<FileObject>()
            .WithSummary("Uploads a file as multipart/form-data with the fields purpose and file.");
        files.MapDelete("/{id}", DeleteAsync).RequireAuthorization(ApiScope.Submit).WithSummary("Deletes a file that no running batch or job reads.");
    }

    private static async Task<Ok<OpenAiList<FileObject>>> ListAsync(
        FileStore files, CancellationToken stop, [FromQuery] string? limit = null, [FromQuery] string? after = null, [FromQuery] string? purpose = null, [FromQuery] string? order = null)
    {
        if (order is not (null or "asc" or "desc")) throw new RefusedException("order", order, "asc, desc");
        return TypedResults.Ok(await files.ListAsync(Paging.Limit(limit, 100, 10_000), after, purpose, order == "asc", stop));
    }

    private static async Task<Ok<FileObject>> ReadAsync(string id, FileStore files, CancellationToken stop) => TypedResults.Ok(await files.ReadAsync(id, stop));

    private static async Task<FileStreamHttpResult> ContentAsync(string id, FileStore files, CancellationToken stop)
    {
        var file = await files.ReadAsync(id, stop);
        // Whatever was uploaded is handed out as bytes, never as something that a browser would run.
        return TypedResults.Stream(files.OpenContent(file), "application/octet-stream", file.Filename, entityTag: file.Sha256 is { } sha ? new EntityTagHeaderValue($"\"{sha}\"") : null, enableRangeProcessing: true);
    }

    private static async Task<Ok<FileObject>> UploadAsync(HttpRequest request, FileUpload upload, CancellationToken stop) => TypedResults.Ok(await upload.TakeAsync(request, stop));

    private static async Task<Ok<DeletedFile>> DeleteAsync(string id, FileStore files, FileUsers users, CancellationToken stop)
    {
        var file = await files.ReadAsync(id, stop);
        await RequireUnusedAsync(id, users, stop);
        // Whoever notes its use looks for the file after that; whoever deletes it looks for notes after hiding it: one of them sees the other.
        await files.HideAsync(id, stop);
        try
        {
            await RequireUnusedAsync(id, users, stop);
        }
        catch
        {
            await files.ShowAsync(file, CancellationToken.None);
            throw;
        }
        await files.DeleteAsync(id, stop);
        return TypedResults.Ok(new DeletedFile(id));
    }

    private static async Task RequireUnusedAsync(string id, FileUsers users, CancellationToken stop)
    {
        if (await users.FindAsync(id, stop) is { } user) throw ApiProblemException.Of(409, "file_in_use", $"File {id} is read by {user}, which has not ended; cancel it first.", "id", id);
    }
}
