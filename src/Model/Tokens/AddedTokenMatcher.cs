using System.Buffers;
using System.Globalization;
using System.Text;

namespace Dpvr.Model.Tokens;

/// <summary>Finds added tokens in a text: the leftmost match, and of several at one place the longest.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly Dictionary<char, (string Text, AddedToken Token)[]> _byFirst;
    private readonly SearchValues<char> _first;

    /// <param name="tokens">The tokens, each with the text that stands for it (which differs from its content where that is normalised).</param>
    public AddedTokenMatcher(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        _byFirst = tokens.Where(t => t.Text.Length > 0)
            .GroupBy(t => t.Text[0])
            .ToDictionary(g => g.Key, g => g.OrderByDescending(t => t.Text.Length).ThenBy(t => t.Token.Id).ToArray());
        _first = SearchValues.Create([.. _byFirst.Keys]);
    }

    public bool IsEmpty => _byFirst.Count == 0;

    /// <summary>Cuts <paramref name="text"/> into plain stretches (token null, never empty) and tokens, in order.</summary>
    public IEnumerable<(int Start, int End, AddedToken? Token)> Split(string text)
    {
        int plain = 0, at = 0;
        while (!IsEmpty && at < text.Length)
        {
            int skip = text.AsSpan(at).IndexOfAny(_first);
            if (skip < 0) break;
            at += skip;
            if (Match(text, at) is not { } match)
            {
                at++;
                continue;
            }
            int start = at, end = at + match.Text.Length;
            if (match.Token.LeftStrip)
                while (start > plain && char.IsWhiteSpace(text[start - 1])) start--;
            if (match.Token.RightStrip)
                while (end < text.Length && char.IsWhiteSpace(text[end])) end++;
            if (start > plain) yield return (plain, start, null);
            yield return (start, end, match.Token);
            plain = at = end;
        }
        if (plain < text.Length) yield return (plain, text.Length, null);
    }

    private (string Text, AddedToken Token)? Match(string text, int at)
    {
        foreach (var candidate in _byFirst[text[at]])
        {
            if (string.CompareOrdinal(text, at, candidate.Text, 0, candidate.Text.Length) != 0) continue;
            int end = at + candidate.Text.Length;
            if (candidate.Token.SingleWord && (WordBefore(text, at) || WordAfter(text, end))) continue;
            return candidate;
        }
        return null;
    }

    private static bool WordBefore(string text, int at) =>
        Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out var rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool WordAfter(string text, int at) =>
        Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool IsWord(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.ConnectorPunctuation
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
