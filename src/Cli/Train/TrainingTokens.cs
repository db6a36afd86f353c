using Dpvr.Model.Tokens;

namespace Dpvr.Cli.Train;

/// <summary>One question and its answer as tokens: the prompt exactly as inference renders it, then the answer and the end token.</summary>
/// <param name="Shared">Up to and with the image token; the same for every question.</param>
/// <param name="Tokens">What follows the picture.</param>
/// <param name="IsTarget">True on the answer and the end token.</param>
internal sealed record TrainingTokens(IReadOnlyList<int> Shared, IReadOnlyList<int> Tokens, IReadOnlyList<bool> IsTarget)
{
    internal static TrainingTokens Of(Tokenizer tokenizer, int imageToken, string prompt, string answer)
    {
        var asked = tokenizer.Encode($"USER: <image>\n{prompt} ASSISTANT:", addBos: true);
        var image = asked.ToList().IndexOf(imageToken) + 1;
        IReadOnlyList<int> answered = [.. tokenizer.Encode(answer, addBos: false), tokenizer.EosId!.Value];
        return new TrainingTokens(
            [.. asked.Take(image)],
            [.. asked.Skip(image), .. answered],
            [.. asked.Skip(image).Select(_ => false), .. answered.Select(_ => true)]);
    }
}
