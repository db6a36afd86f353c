namespace Dpvr.Silo.Api.Batches;

/// <summary>The blob <c>batches/{id}/state.json</c>: how far it came. Changed only over the version that was read; times are seconds since 1970.</summary>
internal sealed record BatchState
{
    /// <summary>The job that does it; null while its file is read.</summary>
    public string? Job { get; init; }

    public string? Model { get; init; }
    public IReadOnlyList<BatchError>? Errors { get; init; }
    public long? InProgressAt { get; init; }
    public long? FinalizingAt { get; init; }
    public long? CompletedAt { get; init; }
    public long? FailedAt { get; init; }
    public long? CancellingAt { get; init; }
    public long? CancelledAt { get; init; }
    public long? ExpiredAt { get; init; }

    /// <summary>True from the moment its time was over.</summary>
    public bool Expiring { get; init; }

    public string? OutputFileId { get; init; }
    public string? ErrorFileId { get; init; }
    public BatchCounts? Counts { get; init; }
    public BatchUsage? Usage { get; init; }

    /// <summary>True when it never changes again.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasEnded => (CompletedAt ?? FailedAt ?? CancelledAt ?? ExpiredAt) is not null;
}

/// <summary>Why a batch failed: a line that is refused, or the file or job as a whole.</summary>
internal sealed record BatchError(string Code, string Message, string? Param = null, long? Line = null);

/// <summary>Its requests by how they ended.</summary>
internal sealed record BatchCounts(long Total, long Completed, long Failed);

/// <summary>Tokens of all its answers.</summary>
internal sealed record BatchUsage(long InputTokens, long OutputTokens, long TotalTokens)
{
    public IReadOnlyDictionary<string, long> InputTokensDetails { get; init; } = new Dictionary<string, long> { ["cached_tokens"] = 0 };
    public IReadOnlyDictionary<string, long> OutputTokensDetails { get; init; } = new Dictionary<string, long> { ["reasoning_tokens"] = 0 };

    public static BatchUsage Of(long prompt, long completion) => new(prompt, completion, prompt + completion);
}
