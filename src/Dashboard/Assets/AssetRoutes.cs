using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Dpvr.Dashboard.Assets;

/// <summary>Serves <see cref="AssetFiles"/>; they hold nothing of anybody's, so that the sign-in page has them too.</summary>
internal static class AssetRoutes
{
    public static void MapAssets(this IEndpointRouteBuilder app)
    {
        foreach (var (path, file) in AssetFiles.All)
            app.MapGet($"/{path}", (HttpContext context) => Send(context, file)).AllowAnonymous().DisableRateLimiting().ExcludeFromDescription();
    }

    private static IResult Send(HttpContext context, AssetFile file)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = "Accept-Encoding";
        var packed = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (packed) headers.ContentEncoding = "gzip";
        return Results.Bytes(packed ? file.Gzip : file.Plain, file.Type, entityTag: new EntityTagHeaderValue(packed ? $"\"{file.Tag}-gz\"" : $"\"{file.Tag}\""));
    }
}
