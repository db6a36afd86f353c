namespace Dpvr.Model.Tokens;

/// <summary>
/// A stretch of a rendered conversation. Prompts are tokenised by themselves and answers as their continuation, so that
/// what a model is asked is always a prefix of what it was trained on.
/// </summary>
internal readonly record struct ChatPart(string Text, ChatPartKind Kind);

/// <summary>What a stretch of a rendered conversation is.</summary>
internal enum ChatPartKind
{
    /// <summary>Given to the model.</summary>
    Prompt,

    /// <summary>Parts a prompt from an answer: tokenised together with it.</summary>
    Gap,

    /// <summary>Written by the model.</summary>
    Answer,

    /// <summary>The token with which the model ends its answer.</summary>
    End,
}
