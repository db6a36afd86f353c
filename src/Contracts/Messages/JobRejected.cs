using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>What a message asked cannot be done; nothing was begun. Answer to its sender, and event.</summary>
public sealed record JobRejected
{
    /// <summary>The sender's.</summary>
    [JsonPropertyName("custom_id")] public string? CustomId { get; init; }

    /// <summary>One word for programs, the same as the HTTP API's.</summary>
    [JsonPropertyName("code")] public required string Code { get; init; }

    /// <summary>A sentence for people.</summary>
    [JsonPropertyName("detail")] public required string Detail { get; init; }

    /// <summary>The member that is wrong.</summary>
    [JsonPropertyName("field")] public string? Field { get; init; }

    /// <summary>What it says.</summary>
    [JsonPropertyName("value")] public string? Value { get; init; }

    /// <summary>What it may say.</summary>
    [JsonPropertyName("allowed")] public string? Allowed { get; init; }

    /// <summary>The job that the idempotency key stands for, when that is what is wrong.</summary>
    [JsonPropertyName("job")] public string? Job { get; init; }
}
