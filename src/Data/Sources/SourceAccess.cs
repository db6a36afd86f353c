using Dpvr.Data.Blobs;

namespace Dpvr.Data.Sources;

/// <summary>What a source may reach beside its own place.</summary>
public sealed record SourceAccess
{
    /// <summary>Nothing.</summary>
    public static SourceAccess None { get; } = new();

    /// <summary>The job's store, which sources name as <c>store:key</c>.</summary>
    public IBlobStore? Store { get; init; }

    /// <summary>Fetches pictures by their URLs; null where only names are needed.</summary>
    public IPictureUrls? Urls { get; init; }
}
