using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>A job that came by a message has ended with results. Event; it may come twice.</summary>
public sealed record JobCompleted
{
    /// <summary>The job's id.</summary>
    [JsonPropertyName("job")] public required string Job { get; init; }

    /// <summary>The sender's.</summary>
    [JsonPropertyName("custom_id")] public string? CustomId { get; init; }

    /// <summary><c>completed</c>, <c>cancelled</c> or <c>expired</c>.</summary>
    [JsonPropertyName("status")] public required string Status { get; init; }

    /// <summary>Pictures.</summary>
    [JsonPropertyName("images")] public long Images { get; init; }

    /// <summary>Requests (picture × prompt) with an answer.</summary>
    [JsonPropertyName("succeeded")] public long Succeeded { get; init; }

    /// <summary>Requests with an error.</summary>
    [JsonPropertyName("failed")] public long Failed { get; init; }

    /// <summary>Requests that were not done.</summary>
    [JsonPropertyName("skipped")] public long Skipped { get; init; }

    /// <summary>Tokens read.</summary>
    [JsonPropertyName("prompt_tokens")] public long PromptTokens { get; init; }

    /// <summary>Tokens made.</summary>
    [JsonPropertyName("completion_tokens")] public long CompletionTokens { get; init; }
}
