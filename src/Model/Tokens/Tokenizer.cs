using System.Text;
using Dpvr.Model.Checkpoints;

namespace Dpvr.Model.Tokens;

/// <summary>
/// LLaMA's tokenizer: SentencePiece byte-pair encoding with byte fallback, and added tokens such as <c>&lt;image&gt;</c>. Each
/// stretch of text between added tokens is tokenised by itself, with a ▁ before it, as <c>LlamaTokenizerFast</c> does for
/// <c>llava-hf/llava-1.5-7b-hf</c>. Safe to use from several threads.
/// </summary>
public sealed class Tokenizer
{
    /// <summary>Far above any vocabulary: a larger id is damage, and would cost memory.</summary>
    internal const int HighestId = 10_000_000;

    private readonly TokenizerSpec _spec;
    private readonly BpeEncoder _bpe;
    private readonly AddedTokenMatcher _raw;
    private readonly AddedTokenMatcher _normalized;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly TokenText[] _texts;

    internal Tokenizer(TokenizerSpec spec)
    {
        _spec = spec;
        _bpe = new BpeEncoder(spec);
        _raw = new AddedTokenMatcher(spec.Added.Where(t => !t.Normalized).Select(t => (t.Content, t)));
        _normalized = new AddedTokenMatcher(spec.Added.Where(t => t.Normalized).Select(t => (Normalize(t.Content, first: true), t)));
        _texts = TokenText.Of(spec);
        for (int id = 0; id < spec.Pieces.Length; id++)
            if (spec.Pieces[id] is { } piece) _ids.TryAdd(piece, id);
        foreach (var token in spec.Added) _ids[token.Content] = token.Id;
    }

    /// <summary>One more than the highest token id, added tokens included. A model's embedding may have more rows.</summary>
    public int VocabularySize => _texts.Length;

    /// <summary>Start of the sequence, <c>&lt;s&gt;</c>.</summary>
    public int? BosId => _spec.BosId;

    /// <summary>End of an answer, <c>&lt;/s&gt;</c>.</summary>
    public int? EosId => _spec.EosId;

    /// <summary>Fills up a batch, <c>&lt;pad&gt;</c>.</summary>
    public int? PadId => _spec.PadId;

    /// <summary>Stands for what the vocabulary has no piece for, <c>&lt;unk&gt;</c>.</summary>
    public int? UnkId => _spec.UnkId;

    /// <summary>Reads the <c>tokenizer.json</c> of a checkpoint folder, or its <c>tokenizer.model</c> where there is none.</summary>
    /// <exception cref="CheckpointException">Neither is there, or the file is damaged or of a kind that is not supported.</exception>
    public static Tokenizer Load(string folder)
    {
        string json = Path.Combine(folder, "tokenizer.json"), model = Path.Combine(folder, "tokenizer.model");
        var spec = File.Exists(json) ? TokenizerJsonFile.Read(json)
            : File.Exists(model) ? SentencePieceFile.Read(model)
            : throw new CheckpointException($"{folder}: neither tokenizer.json nor tokenizer.model is there");
        spec = TokenizerConfigFile.Apply(folder, spec);
        return spec.Added.FirstOrDefault(t => t.Id is < 0 or > HighestId) is { } token
            ? throw new CheckpointException($"{folder}: added token '{token.Content}' has the id {token.Id}; 0 to {HighestId} are possible")
            : new Tokenizer(spec);
    }

    /// <summary>
    /// The ids of <paramref name="text"/>, after the start token where <paramref name="addBos"/> asks for it. Added tokens in
    /// the text become their ids; half a surrogate pair is read as U+FFFD.
    /// </summary>
    public IReadOnlyList<int> Encode(string text, bool addBos)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>((text.Length / 3) + 2);
        if (addBos && BosId is { } bos) ids.Add(bos);
        EncodeStretch(text, first: true, ids);
        return ids;
    }

    /// <summary>The text of <paramref name="ids"/>. Ids that stand for no token are left out; bytes that form no character become U+FFFD each.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="skipSpecial">Leaves special tokens such as <c>&lt;/s&gt;</c> out.</param>
    public string Decode(IReadOnlyList<int> ids, bool skipSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var decoder = new IncrementalDecoder(this, skipSpecial);
        var text = new StringBuilder();
        foreach (int id in ids) text.Append(decoder.Push(id));
        return text.Append(decoder.Flush()).ToString();
    }

    /// <summary>The id of a token given by its exact name: an added token such as <c>&lt;image&gt;</c>, or a piece.</summary>
    public bool TryGetId(string token, out int id) => _ids.TryGetValue(token, out id);

    /// <summary>Appends the ids of a stretch of text; <paramref name="first"/> when nothing stands before it.</summary>
    internal void EncodeStretch(string text, bool first, List<int> ids)
    {
        text = WellFormed(text);
        foreach (var (start, end, token) in _raw.Split(text))
            if (token is not null) ids.Add(token.Id);
            else EncodePlain(Normalize(text[start..end], first && start == 0), ids);
    }

    /// <summary>Appends the ids of text that goes on from text before it: no ▁ is put before it, and the names of added tokens in it are plain text.</summary>
    internal void EncodeContinuation(string text, List<int> ids)
    {
        text = WellFormed(text);
        _bpe.Encode(_spec.EscapeSpaces ? text.Replace(' ', TokenizerSpec.Space) : text, ids);
    }

    /// <summary>Spaces taken away from the start of decoded text.</summary>
    internal int StripStart => _spec.StripStart;

    /// <summary>What a token stands for; null when the id stands for none.</summary>
    internal TokenText? TextOf(int id) => (uint)id < (uint)_texts.Length && _texts[id].Known ? _texts[id] : null;

    private void EncodePlain(string normalized, List<int> ids)
    {
        if (_normalized.IsEmpty)
        {
            _bpe.Encode(normalized, ids);
            return;
        }
        foreach (var (start, end, token) in _normalized.Split(normalized))
            if (token is not null) ids.Add(token.Id);
            else _bpe.Encode(normalized.AsSpan(start..end), ids);
    }

    private string Normalize(string text, bool first)
    {
        if (_spec.CollapseSpaces) text = string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (text.Length == 0) return text;
        if (_spec.EscapeSpaces) text = text.Replace(' ', TokenizerSpec.Space);
        bool prefix = _spec.Prefix switch
        {
            DummyPrefix.Prepend => true,
            DummyPrefix.Always => text[0] != TokenizerSpec.Space,
            DummyPrefix.First => first && text[0] != TokenizerSpec.Space,
            _ => false,
        };
        return !prefix ? text : (_spec.EscapeSpaces ? TokenizerSpec.Space : ' ') + text;
    }

    private static string WellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }
        return text;
    }
}
