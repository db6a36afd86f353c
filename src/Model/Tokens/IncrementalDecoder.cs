using System.Buffers;
using System.Text;

namespace Dpvr.Model.Tokens;

/// <summary>
/// Decodes one answer token by token. What <see cref="Push"/> and at the end <see cref="Flush"/> return, put together, is
/// what <see cref="Tokenizer.Decode"/> returns for all the tokens: byte tokens are held back until they form a character.
/// </summary>
public sealed class IncrementalDecoder
{
    private readonly Tokenizer _tokenizer;
    private readonly bool _skipSpecial;
    private readonly byte[] _bytes = new byte[4];
    private int _held;
    private int _strip;

    /// <param name="tokenizer">Whose tokens they are.</param>
    /// <param name="skipSpecial">Leaves special tokens such as <c>&lt;/s&gt;</c> out.</param>
    public IncrementalDecoder(Tokenizer tokenizer, bool skipSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        (_tokenizer, _skipSpecial, _strip) = (tokenizer, skipSpecial, tokenizer.StripStart);
    }

    /// <summary>Takes the next token; returns the text it completes, which may be empty.</summary>
    public string Push(int id)
    {
        // A token without text neither ends nor joins a run of bytes.
        if (_tokenizer.TextOf(id) is not { } token || (_skipSpecial && token.Special)) return "";
        if (!token.IsByte)
        {
            string text = token.Text!;
            return Strip(_held == 0 ? text : Drain(final: true) + text);
        }
        _bytes[_held++] = (byte)token.Byte;
        return Strip(Drain(final: false));
    }

    /// <summary>Ends the text: bytes still held back become U+FFFD each. The decoder is then ready for another text.</summary>
    public string Flush()
    {
        string rest = Strip(Drain(final: true));
        _strip = _tokenizer.StripStart;
        return rest;
    }

    /// <summary>As many held bytes as form characters, or cannot begin one.</summary>
    private string Drain(bool final)
    {
        string text = "";
        int at = 0;
        while (at < _held)
        {
            var status = Rune.DecodeFromUtf8(_bytes.AsSpan(at, _held - at), out var rune, out int used);
            if (status == OperationStatus.NeedMoreData && !final) break;
            text += status == OperationStatus.Done ? rune.ToString() : "\uFFFD";
            at += status == OperationStatus.Done ? used : 1;
        }
        _bytes.AsSpan(at, _held - at).CopyTo(_bytes);
        _held -= at;
        return text;
    }

    private string Strip(string text)
    {
        if (_strip == 0 || text.Length == 0) return text;
        int spaces = 0;
        while (spaces < _strip && spaces < text.Length && text[spaces] == ' ') spaces++;
        // Stripping ends at the first character that is no space.
        _strip = spaces < text.Length ? 0 : _strip - spaces;
        return text[spaces..];
    }
}
