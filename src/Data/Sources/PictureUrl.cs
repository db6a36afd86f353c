using Dpvr.Contracts.Results;

namespace Dpvr.Data.Sources;

/// <summary>URLs in manifests.</summary>
internal static class PictureUrl
{
    /// <summary>True when a name is a URL, of whichever scheme.</summary>
    public static bool Is(string name) => name.Contains("://", StringComparison.Ordinal) || name.StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Why it is refused before anybody asks for it; null when it is not.</summary>
    public static ItemError? Check(string url, string where) =>
        !Uri.TryCreate(url, UriKind.Absolute, out var uri) ? new ItemError(ErrorCodes.BadRow, $"{where}: the URL cannot be read.")
        : uri.Scheme is "http" or "https" ? null
        : new ItemError(ErrorCodes.UrlScheme, $"{where}: '{uri.Scheme}' is not allowed in a URL; allowed: http, https.");

    /// <summary>Its bytes, or why there are none.</summary>
    public static Task<SourceBytes> ReadAsync(IPictureUrls? urls, string url, CancellationToken cancellationToken) =>
        urls is null ? Task.FromResult(SourceBytes.Failed(ErrorCodes.SourceUnavailable, "URLs are not read here.")) : urls.ReadAsync(url, cancellationToken);
}
