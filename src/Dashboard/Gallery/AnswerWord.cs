namespace Dpvr.Dashboard.Gallery;

/// <summary>A word of an answer, with the space before it.</summary>
/// <param name="Text">The word.</param>
/// <param name="Logprob">Sum of the log-probabilities of its tokens.</param>
public sealed record AnswerWord(string Text, double Logprob)
{
    /// <summary>How unsure the model was of it, 0 to 100.</summary>
    public int Doubt => (int)Math.Round(100 * (1 - Math.Exp(Math.Min(0, Logprob))));
}
