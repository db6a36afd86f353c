using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Dpvr.Hosting.Auth;

/// <summary>Who calls.</summary>
public static class Caller
{
    /// <summary>The key or token that came with a call, from a program or a browser; null when none came. Nothing is looked up or checked for it.</summary>
    public static string? CredentialOf(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ApiKeyHandler.Sent(request) ?? KeyCookie.Sent(request);
    }

    /// <summary>Names the caller in records and limits: <c>key:…</c>, <c>jwt:…</c>, or <c>local</c>.</summary>
    public static string IdOf(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
    }
}
