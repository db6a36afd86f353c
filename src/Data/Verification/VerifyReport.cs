using Dpvr.Contracts.Jobs;

namespace Dpvr.Data.Verification;

/// <summary>What a verification found.</summary>
public sealed record VerifyReport
{
    /// <summary>The job whose output was looked at, if it could be told.</summary>
    public JobId? Job { get; init; }

    /// <summary>What was counted in the files: never taken from a counter.</summary>
    public required Counts Counted { get; init; }

    /// <summary>Files whose checksum was recomputed.</summary>
    public required int Files { get; init; }

    /// <summary>What does not hold; empty when everything does. At most <see cref="OutputVerifier.MaxFindings"/>.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>True when everything holds.</summary>
    public bool Ok => Findings.Count == 0;
}
