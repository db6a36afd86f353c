using System.Net;
using Microsoft.AspNetCore.Http;

namespace Dpvr.Hosting.Auth;

/// <summary>Keeps web pages from a server that asks for no key: a browser on this machine would carry their calls to it.</summary>
public static class LocalCallers
{
    /// <summary>True when the call names this machine as its host and comes from no page of another one.</summary>
    public static bool Is(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!IsLocal(request.Host.Host)) return false;
        return request.Headers.Origin is not [{ } origin] || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsLocal(page.Host) && page.Port == (request.Host.Port ?? 80));
    }

    private static bool IsLocal(string host) => host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
