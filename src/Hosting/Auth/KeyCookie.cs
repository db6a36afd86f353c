using Microsoft.AspNetCore.Http;

namespace Dpvr.Hosting.Auth;

/// <summary>
/// How a browser shows its API key: a cookie that scripts cannot read and that no other site's page can send. It opens pages, and of the API what changes nothing; whatever changes
/// something there needs the key in a header.
/// </summary>
public static class KeyCookie
{
    /// <summary>Where a browser without a key is sent.</summary>
    public const string SignInPath = "/sign-in";

    private const string Name = "dpvr-key";

    /// <summary>The key that came; null when none did.</summary>
    public static string? Sent(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Cookies[Name];
    }

    /// <summary>Keeps a key until the browser closes.</summary>
    public static void Set(HttpContext context, string key)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.Cookies.Append(Name, key, Options(context));
    }

    /// <summary>Forgets it.</summary>
    public static void Remove(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.Cookies.Delete(Name, Options(context));
    }

    /// <summary>A path of this server and nothing else, for going back to after signing in.</summary>
    public static string LocalPath(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("/\\", StringComparison.Ordinal) && !path.Any(char.IsControl) ? path : "/";

    /// <summary>True for what a browser may do by its cookie.</summary>
    internal static bool Covers(HttpRequest request) => !IsApi(request) || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    /// <summary>True for calls that programs make.</summary>
    internal static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/v1") || request.Path == "/openapi.json";

    private static CookieOptions Options(HttpContext context) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", IsEssential = true };
}
