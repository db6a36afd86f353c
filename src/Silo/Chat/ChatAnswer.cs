using Dpvr.Contracts.Results;

namespace Dpvr.Silo.Chat;

/// <summary>An answer, or why there is none.</summary>
public sealed record ChatAnswer
{
    /// <summary>The text.</summary>
    public string Text { get; init; } = "";

    /// <summary>Tokens read and made.</summary>
    public TokenCounts Tokens { get; init; } = new(0, 0);

    /// <summary><c>stop</c> or <c>length</c>.</summary>
    public string FinishReason { get; init; } = "stop";

    /// <summary>Why there is none; null when there is one.</summary>
    public ItemError? Error { get; init; }
}
