namespace Dpvr.Contracts.Jobs;

/// <summary>The kinds of source that can be read.</summary>
public static class SourceKinds
{
    /// <summary>Pictures in a folder.</summary>
    public const string Folder = "folder";

    /// <summary>A JSON Lines manifest that names pictures.</summary>
    public const string Jsonl = "jsonl";

    /// <summary>Pictures in a blob store.</summary>
    public const string Blobs = "blobs";

    /// <summary>JSON Lines of requests: each names a picture and brings its own prompt and limits.</summary>
    public const string Requests = "requests";
}
