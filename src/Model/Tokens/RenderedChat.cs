namespace Dpvr.Model.Tokens;

/// <summary>A conversation as the text that a model was trained on, or why there is none.</summary>
public sealed record RenderedChat
{
    /// <summary>The text; empty on error.</summary>
    public string Text { get; init; } = "";

    /// <summary>Where the assistant's answers stand in <see cref="Text"/>, in characters, without the space before and the end mark after them.</summary>
    public IReadOnlyList<(int Start, int Length)> Answers { get; init; } = [];

    /// <summary>Null when all is well.</summary>
    public PromptError? Error { get; init; }
}
