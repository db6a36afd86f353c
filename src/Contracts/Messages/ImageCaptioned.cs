using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>The answer to a <see cref="CaptionImage"/>: a text, or why there is none. It may come twice, never not at all.</summary>
public sealed record ImageCaptioned
{
    /// <summary>The sender's.</summary>
    [JsonPropertyName("custom_id")] public string? CustomId { get; init; }

    /// <summary>The text; null when there is none.</summary>
    [JsonPropertyName("text")] public string? Text { get; init; }

    /// <summary><c>stop</c> or <c>length</c>.</summary>
    [JsonPropertyName("finish_reason")] public string? FinishReason { get; init; }

    /// <summary>Tokens read.</summary>
    [JsonPropertyName("prompt_tokens")] public int PromptTokens { get; init; }

    /// <summary>Tokens made.</summary>
    [JsonPropertyName("completion_tokens")] public int CompletionTokens { get; init; }

    /// <summary>Mean log-probability (natural) of the tokens made.</summary>
    [JsonPropertyName("logprob")] public double? Logprob { get; init; }

    /// <summary>The model's name.</summary>
    [JsonPropertyName("model")] public string? Model { get; init; }

    /// <summary>The routing.</summary>
    [JsonPropertyName("routing")] public string? Routing { get; init; }

    /// <summary>SHA-256 of the picture's bytes.</summary>
    [JsonPropertyName("sha256")] public string? Sha256 { get; init; }

    /// <summary>The picture's width in pixels.</summary>
    [JsonPropertyName("width")] public int? Width { get; init; }

    /// <summary>The picture's height in pixels.</summary>
    [JsonPropertyName("height")] public int? Height { get; init; }

    /// <summary>Why there is no text; null when there is one.</summary>
    [JsonPropertyName("error")] public MessageError? Error { get; init; }
}
