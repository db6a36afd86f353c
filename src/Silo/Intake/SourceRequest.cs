namespace Dpvr.Silo.Intake;

/// <summary>Where a job's pictures are: below a root of the server, or in an uploaded file.</summary>
public sealed record SourceRequest
{
    /// <summary>The name of a root.</summary>
    public string? Root { get; init; }

    /// <summary>A folder below the root, with '/'. Default: the root itself.</summary>
    public string? Path { get; init; }

    /// <summary>A JSON Lines manifest below the root, instead of a folder.</summary>
    public string? Manifest { get; init; }

    /// <summary>Globs below the folder, as in <c>**/*.jpg</c>. Default: all pictures.</summary>
    public IReadOnlyList<string?>? Globs { get; init; }

    /// <summary>True reads folders below too. Default: false.</summary>
    public bool? Recursive { get; init; }

    /// <summary>The id of an uploaded file, instead of a root.</summary>
    public string? File { get; init; }
}
