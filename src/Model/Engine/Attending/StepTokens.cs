namespace Dpvr.Model.Engine;

/// <summary>One token that goes through the decoder in a step, and what it may look at.</summary>
/// <param name="Entry">The prefix it reads; -1 for none.</param>
/// <param name="PrefixText">Text tokens of that prefix, which every layer keeps.</param>
/// <param name="PrefixAll">All tokens of that prefix, which layers that read vision tokens keep.</param>
/// <param name="Slot">Whose own tokens it reads.</param>
/// <param name="Own">How many of them: those before it, and itself.</param>
internal readonly record struct StepToken(int Entry, int PrefixText, int PrefixAll, int Slot, int Own);

/// <summary>The tokens of a step, of all sequences packed one behind the other: nothing is padded.</summary>
internal sealed class StepTokens
{
    internal StepTokens(IReadOnlyList<StepToken> tokens)
    {
        Tokens = tokens;
        // Tokens that read the same prefix stand together, so that its keys are read once; those without one, by their slots.
        Groups = [.. tokens.Select((t, i) => (Token: t, Index: i)).GroupBy(t => t.Token.Entry >= 0 ? t.Token.Entry : ~t.Token.Slot).Select(g => g.Select(t => t.Index).ToArray())];
    }

    internal IReadOnlyList<StepToken> Tokens { get; }

    /// <summary>Indices into <see cref="Tokens"/>, grouped by what they read.</summary>
    internal IReadOnlyList<int[]> Groups { get; }

    /// <summary>Some of these tokens.</summary>
    internal StepTokens Only(IReadOnlyList<long> indices) => new([.. indices.Select(i => Tokens[(int)i])]);
}
