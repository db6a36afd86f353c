using Dpvr.Contracts.Results;

namespace Dpvr.Contracts.Jobs;

/// <summary>
/// The blob <c>ending.json</c>: creating it (If-None-Match: *) decides how the job ends, before its output is assembled. So two activations, or a cancellation beside
/// a completion, assemble the same output and never two different ones.
/// </summary>
public sealed record EndDecision
{
    /// <summary>The terminal status.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>Why it failed.</summary>
    public ItemError? Error { get; init; }
}
