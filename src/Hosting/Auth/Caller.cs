using System.Security.Claims;

namespace Dpvr.Hosting.Auth;

/// <summary>Who calls.</summary>
public static class Caller
{
    /// <summary>Names the caller in records and limits: <c>key:…</c>, <c>jwt:…</c>, or <c>local</c>.</summary>
    public static string IdOf(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
    }
}
