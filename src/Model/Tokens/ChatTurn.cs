namespace Dpvr.Model.Tokens;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Text">What is said; in a user's turn <c>&lt;image&gt;</c> stands for a picture.</param>
public sealed record ChatTurn(ChatRole Role, string Text);
