namespace Dpvr.Contracts.Results;

/// <summary>A file that a manifest vouches for.</summary>
public sealed record OutputFile
{
    /// <summary>Path relative to the manifest.</summary>
    public required string Path { get; init; }

    /// <summary>Lines.</summary>
    public required long Count { get; init; }

    /// <summary>Bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256, lower-case hex.</summary>
    public required string Sha256 { get; init; }
}
