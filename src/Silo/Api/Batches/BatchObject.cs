namespace Dpvr.Silo.Api.Batches;

/// <summary>A batch as OpenAI's clients read it. Times are seconds since 1970; what did not happen is left out.</summary>
internal sealed record BatchObject
{
    public required string Id { get; init; }
    public string Object { get; init; } = "batch";
    public required string Endpoint { get; init; }
    public string? Model { get; init; }
    public BatchErrorList? Errors { get; init; }
    public required string InputFileId { get; init; }
    public required string CompletionWindow { get; init; }

    /// <summary><c>validating</c>, <c>in_progress</c>, <c>finalizing</c>, <c>completed</c>, <c>failed</c>, <c>expired</c>, <c>cancelling</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }

    public string? OutputFileId { get; init; }
    public string? ErrorFileId { get; init; }
    public required long CreatedAt { get; init; }
    public long? InProgressAt { get; init; }
    public long? ExpiresAt { get; init; }
    public long? FinalizingAt { get; init; }
    public long? CompletedAt { get; init; }
    public long? FailedAt { get; init; }
    public long? ExpiredAt { get; init; }
    public long? CancellingAt { get; init; }
    public long? CancelledAt { get; init; }
    public required BatchCounts RequestCounts { get; init; }
    public BatchUsage? Usage { get; init; }
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The job that does it, for <c>/api/jobs</c>: progress, pause, share.</summary>
    public string? Job { get; init; }
}

/// <summary>Why a batch failed.</summary>
internal sealed record BatchErrorList(IReadOnlyList<BatchError> Data)
{
    public string Object { get; init; } = "list";
}
