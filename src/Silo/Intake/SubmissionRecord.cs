namespace Dpvr.Silo.Intake;

/// <summary>The blob <c>submitted/{job}.json</c>: what is known of a job that its specification does not say.</summary>
public sealed record SubmissionRecord
{
    /// <summary>When it was handed in.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>By whom.</summary>
    public string By { get; init; } = "";

    /// <summary>The blob that says what its idempotency key stands for; null when it has none.</summary>
    public string? Key { get; init; }

    /// <summary>The source in the submitter's words.</summary>
    public string? Source { get; init; }

    /// <summary>The submitter's own data.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
