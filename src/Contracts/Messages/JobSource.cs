using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>Where a job's pictures are: below a root of the silo, or in an uploaded file.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record JobSource
{
    /// <summary>The name of a root.</summary>
    [JsonPropertyName("root")] public string? Root { get; init; }

    /// <summary>A folder below the root, with '/'. Default: the root itself.</summary>
    [JsonPropertyName("path")] public string? Path { get; init; }

    /// <summary>A JSON Lines manifest below the root, instead of a folder.</summary>
    [JsonPropertyName("manifest")] public string? Manifest { get; init; }

    /// <summary>Globs below the folder, as in <c>**/*.jpg</c>. Default: all pictures.</summary>
    [JsonPropertyName("globs")] public IReadOnlyList<string>? Globs { get; init; }

    /// <summary>True reads folders below too. Default: false.</summary>
    [JsonPropertyName("recursive")] public bool? Recursive { get; init; }

    /// <summary>The id of an uploaded file of requests, instead of a root.</summary>
    [JsonPropertyName("file")] public string? File { get; init; }
}
