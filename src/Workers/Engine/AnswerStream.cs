using System.Text;
using Dpvr.Model.Tokens;

namespace Dpvr.Workers.Engine;

/// <summary>
/// Tells an answer while it is made: the pieces, put together, are the text of its completion. Held back are spaces at the end, which a whole text does not have, and
/// what may be the beginning of a text that ends the answer.
/// </summary>
internal sealed class AnswerStream(Tokenizer tokenizer, IReadOnlyList<string> stop, Action<string> tell)
{
    private readonly IncrementalDecoder _decoder = new(tokenizer);
    private readonly StringBuilder _text = new();
    private readonly int _held = stop.Select(static s => s.Length - 1).DefaultIfEmpty(0).Max();
    private int _tokens;
    private int _told;

    /// <summary>Takes the answer's tokens, those that it took before among them.</summary>
    public void Push(IReadOnlyList<int> tokens)
    {
        if (_tokens >= tokens.Count) return;
        for (; _tokens < tokens.Count; _tokens++) _text.Append(_decoder.Push(tokens[_tokens]));
        var text = _text.ToString().TrimStart();
        var cut = stop.Select(s => text.IndexOf(s, StringComparison.Ordinal)).Where(static at => at >= 0).DefaultIfEmpty(-1).Min();
        var sure = text.AsSpan(0, cut >= 0 ? cut : Math.Max(0, text.Length - _held)).TrimEnd().Length;
        if (sure > 0 && char.IsHighSurrogate(text[sure - 1])) sure--; // half a character is none
        if (sure <= _told) return;
        tell(text[_told..sure]);
        _told = sure;
    }

    /// <summary>Tells what is left of the whole text.</summary>
    public void End(string whole)
    {
        if (whole.Length > _told) tell(whole[_told..]);
        _told = whole.Length;
    }
}
