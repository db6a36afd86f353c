namespace Dpvr.Model.Tokens;

/// <summary>A tokenised prompt or conversation, or why there is none.</summary>
public sealed record PromptTokens
{
    /// <summary>Token ids; one image token for each picture, which the engine expands. Empty on error.</summary>
    public int[] Ids { get; init; } = [];

    /// <summary>For each id, whether it is to be learned: the assistant's answers and the end token after each.</summary>
    public bool[] IsTarget { get; init; } = [];

    /// <summary>Pictures in the prompt.</summary>
    public int Images { get; init; }

    /// <summary>Null when all is well.</summary>
    public PromptError? Error { get; init; }
}
