using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Dpvr.Dashboard.Hosting;

/// <summary>
/// What a browser may do with a page: load from this server alone, and be framed by nobody. Styles inline are MudBlazor's; scripts inline are nobody's. Pictures that a form shows
/// before there is a job come as <c>data:</c>.
/// </summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return next(context);
    });
}
