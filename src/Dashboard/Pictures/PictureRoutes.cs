using Dpvr.Contracts.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dpvr.Dashboard.Pictures;

/// <summary>Serves <see cref="IPictureSource"/> in the sizes that pages use.</summary>
internal static class PictureRoutes
{
    /// <summary>Side of a picture in a gallery.</summary>
    public const int Small = 256;

    /// <summary>Side of a picture on its own page.</summary>
    public const int Large = 1280;

    // A gallery is a hundred pictures at once: their cost is bounded where they are made, not by counting calls.
    public static void MapPictures(this IEndpointRouteBuilder app) =>
        app.MapGet("/pictures/{job}/{shard:int:min(0)}/{item:int:min(0)}/{side:int}.jpg", SendAsync).DisableRateLimiting().ExcludeFromDescription();

    private static async Task<IResult> SendAsync(string job, int shard, int item, int side, IPictureSource pictures, HttpContext context)
    {
        if (!JobId.IsValid(job) || side is not (Small or Large)) return Results.NotFound();
        if (await pictures.ReadAsync(new PicturePlace(new JobId(job), shard, item), side, context.RequestAborted) is not { } jpeg) return Results.NotFound();
        context.Response.Headers.CacheControl = "private, max-age=3600";
        return Results.Bytes(jpeg, "image/jpeg");
    }
}
