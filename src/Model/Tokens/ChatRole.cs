namespace Dpvr.Model.Tokens;

/// <summary>Who speaks in a conversation.</summary>
public enum ChatRole
{
    /// <summary>Instructions before the conversation.</summary>
    System,

    /// <summary>Asks, and shows pictures (<c>human</c> in LLaVA's files).</summary>
    User,

    /// <summary>Answers (<c>gpt</c> in LLaVA's files).</summary>
    Assistant,
}
