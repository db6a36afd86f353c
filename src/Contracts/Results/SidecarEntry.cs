namespace Dpvr.Contracts.Results;

/// <summary>A line of the sidecars' list: which <c>.txt</c> files belong to the output.</summary>
public sealed record SidecarEntry
{
    /// <summary>Path relative to the manifest.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256, lower-case hex.</summary>
    public required string Sha256 { get; init; }
}
