using Dpvr.Model.Tokens;

namespace Dpvr.Cli.Train;

/// <summary>A conversation about one picture as tokens, cut after the picture: what is before it is the same for every question.</summary>
/// <param name="Shared">Up to and with the image token.</param>
/// <param name="Tokens">What follows the picture.</param>
/// <param name="IsTarget">True on answers and the end token after each.</param>
internal sealed record TrainingTokens(IReadOnlyList<int> Shared, IReadOnlyList<int> Tokens, IReadOnlyList<bool> IsTarget)
{
    internal static TrainingTokens Of(PromptEncoder encoder, int imageToken, string question, string answer) =>
        Of(encoder.EncodeConversation([new ChatTurn(ChatRole.User, question), new ChatTurn(ChatRole.Assistant, answer)], images: 1), imageToken);

    /// <exception cref="ArgumentException">The conversation could not be encoded, or has no picture.</exception>
    internal static TrainingTokens Of(PromptTokens tokens, int imageToken)
    {
        if (tokens.Error is { } error) throw new ArgumentException(error.Message);
        var cut = Array.IndexOf(tokens.Ids, imageToken) + 1;
        if (cut == 0) throw new ArgumentException("The conversation has no picture.");
        return new TrainingTokens(tokens.Ids[..cut], tokens.Ids[cut..], tokens.IsTarget[cut..]);
    }
}
