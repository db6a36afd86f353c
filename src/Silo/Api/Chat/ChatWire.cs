using System.Text.Json.Serialization;

namespace Dpvr.Silo.Api.Chat;

/// <summary>A whole answer, as OpenAI's clients read it.</summary>
internal sealed record ChatCompletion(string Id, long Created, string Model, IReadOnlyList<ChatChoice> Choices, ChatUsage Usage)
{
    public string Object { get; init; } = "chat.completion";
}

/// <summary>A piece of an answer.</summary>
internal sealed record ChatChunk(string Id, long Created, string Model, IReadOnlyList<ChatChunkChoice> Choices, ChatUsage? Usage = null)
{
    public string Object { get; init; } = "chat.completion.chunk";
}

/// <summary>The one answer.</summary>
internal sealed record ChatChoice(int Index, ChatMessage Message, string FinishReason)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] // strict readers want it there, null or not
    public object? Logprobs { get; init; }
}

/// <summary>What the model says.</summary>
internal sealed record ChatMessage(string Role, string Content)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Refusal { get; init; }
}

/// <summary>What is new since the last piece.</summary>
internal sealed record ChatChunkChoice(int Index, ChatDelta Delta, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? FinishReason = null);

/// <summary>The new text.</summary>
internal sealed record ChatDelta(string? Role = null, string? Content = null);

/// <summary>Tokens read and made.</summary>
internal sealed record ChatUsage(int PromptTokens, int CompletionTokens, int TotalTokens)
{
    public static ChatUsage Of(Contracts.Results.TokenCounts tokens) => new(tokens.Prompt, tokens.Completion, tokens.Prompt + tokens.Completion);
}
