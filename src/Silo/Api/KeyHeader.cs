using Dpvr.Silo.Intake;
using Microsoft.AspNetCore.Http;

namespace Dpvr.Silo.Api;

/// <summary>The header that makes a call one job or batch however often it is sent.</summary>
internal static class KeyHeader
{
    public const string Name = "Idempotency-Key";

    /// <summary>The key; null when none came.</summary>
    /// <exception cref="RefusedException">There are several: which of them is meant is nobody's to guess.</exception>
    public static string? Of(HttpRequest request) => request.Headers[Name] switch
    {
        [] => null,
        [var key] => key ?? "",
        var several => throw new RefusedException(Name, string.Join(", ", several!), "the header once, or not at all"),
    };
}
