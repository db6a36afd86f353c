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
        var counts = new Dictionary<int, int>();
        foreach (var token in tokens) counts[token.Slot] = counts.GetValueOrDefault(token.Slot) + 1;
        // Those without a prefix stand together by their slots.
        Groups = [.. Enumerable.Range(0, tokens.Count)
            .GroupBy(i => (Reads: tokens[i].Entry >= 0 ? tokens[i].Entry : ~tokens[i].Slot, InRuns: counts[tokens[i].Slot] >= StepGroup.Run))
            .Select(g => new StepGroup([.. g], g.Key.InRuns))];
    }

    internal IReadOnlyList<StepToken> Tokens { get; }

    /// <summary>All tokens, by what they read.</summary>
    internal IReadOnlyList<StepGroup> Groups { get; }

    /// <summary>Some of these tokens.</summary>
    internal StepTokens Only(IReadOnlyList<long> indices) => new([.. indices.Select(i => Tokens[(int)i])]);
}
