using System.Text.Json;
using Dpvr.Model.Checkpoints;

namespace Dpvr.Model.Tokens;

/// <summary>Reads the SentencePiece-style byte-pair encodings that Hugging Face's <c>tokenizer.json</c> can hold, as LLaMA's and LLaVA-1.5's do.</summary>
internal static class TokenizerJsonFile
{
    /// <exception cref="CheckpointException">The file is damaged, or describes another kind of tokenizer; the message names the part.</exception>
    public static TokenizerSpec Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 64 });
            return Read(path, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new CheckpointException($"{path}: not a tokenizer.json ({e.Message})", e);
        }
    }

    private static TokenizerSpec Read(string path, JsonElement root)
    {
        if (!root.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.Object)
            throw new CheckpointException($"{path}: 'model' is missing");
        // Files written before 2020 name no type.
        if (Text(model, "type") is { } type && type != "BPE")
            throw new CheckpointException($"{path}: model.type is '{type}'; only 'BPE' is supported");
        foreach (string name in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
            if (!string.IsNullOrEmpty(Text(model, name)))
                throw new CheckpointException($"{path}: model.{name} is '{Text(model, name)}'; only an empty one is supported");
        if (Flag(model, "ignore_merges")) throw new CheckpointException($"{path}: model.ignore_merges is true; only false is supported");

        var added = ReadAdded(root);
        var pieces = ReadVocabulary(path, model.GetProperty("vocab"), out var ids);
        foreach (var token in added) ids.TryAdd(token.Content, token.Id);
        int? Id(string? piece) => piece is not null && ids.TryGetValue(piece, out int id) ? id : null;
        var spec = new TokenizerSpec
        {
            Pieces = pieces,
            Merges = ReadMerges(path, model, ids),
            Added = added,
            ByteIds = TokenizerSpec.FindByteIds(pieces),
            ByteFallback = Flag(model, "byte_fallback"),
            FuseUnknown = Flag(model, "fuse_unk"),
            Prefix = DummyPrefix.Never,
            EscapeSpaces = false,
            StripStart = 0,
            UnkId = Id(Text(model, "unk_token")),
            BosId = Id("<s>"),
            EosId = Id("</s>"),
            PadId = Id("<pad>"),
        };
        if (Part(root, "normalizer") is { } normalizer) spec = Normalize(path, spec, normalizer);
        if (Part(root, "pre_tokenizer") is { } preTokenizer) spec = PreTokenize(path, spec, preTokenizer);
        if (Part(root, "decoder") is { } decoder) spec = Decode(path, spec, decoder);
        return spec;
    }

    private static string?[] ReadVocabulary(string path, JsonElement vocabulary, out Dictionary<string, int> ids)
    {
        ids = new Dictionary<string, int>(StringComparer.Ordinal);
        int size = 0;
        foreach (var entry in vocabulary.EnumerateObject())
        {
            int id = entry.Value.GetInt32();
            if (id is < 0 or > Tokenizer.HighestId) throw new CheckpointException($"{path}: model.vocab gives '{entry.Name}' the id {id}");
            ids[entry.Name] = id;
            size = Math.Max(size, id + 1);
        }
        var pieces = new string?[size];
        foreach (var (piece, id) in ids)
        {
            if (pieces[id] is { } other) throw new CheckpointException($"{path}: model.vocab gives id {id} to both '{other}' and '{piece}'");
            pieces[id] = piece;
        }
        return pieces;
    }

    private static Dictionary<(int, int), (int, int)> ReadMerges(string path, JsonElement model, Dictionary<string, int> ids)
    {
        var merges = new Dictionary<(int, int), (int, int)>();
        int rank = 0;
        foreach (var entry in model.GetProperty("merges").EnumerateArray())
        {
            string[] parts = entry.ValueKind == JsonValueKind.Array
                ? [.. entry.EnumerateArray().Select(e => e.GetString() ?? "")]
                : (entry.GetString() ?? "").Split(' ');
            if (parts.Length != 2) throw new CheckpointException($"{path}: model.merges[{rank}] is {entry.GetRawText()}; two pieces are wanted");
            if (!ids.TryGetValue(parts[0], out int left) || !ids.TryGetValue(parts[1], out int right) || !ids.TryGetValue(parts[0] + parts[1], out int merged))
                throw new CheckpointException($"{path}: model.merges[{rank}] is {entry.GetRawText()}, but model.vocab lacks one of its parts or their union");
            // As in the reference reader, a pair that stands twice has the rank of its last place.
            merges[(left, right)] = (rank++, merged);
        }
        return merges;
    }

    private static List<AddedToken> ReadAdded(JsonElement root)
    {
        var added = new List<AddedToken>();
        if (Part(root, "added_tokens") is { } list)
            foreach (var token in list.EnumerateArray()) added.Add(ReadAdded(token, token.GetProperty("id").GetInt32()));
        return added;
    }

    /// <summary>One entry of <c>added_tokens</c>, or of <c>added_tokens_decoder</c> in tokenizer_config.json, where the id is the key.</summary>
    public static AddedToken ReadAdded(JsonElement token, int id) => new(id, token.GetProperty("content").GetString() ?? "")
    {
        Special = Flag(token, "special"),
        Normalized = Flag(token, "normalized"),
        LeftStrip = Flag(token, "lstrip"),
        RightStrip = Flag(token, "rstrip"),
        SingleWord = Flag(token, "single_word"),
    };

    private static TokenizerSpec Normalize(string path, TokenizerSpec spec, JsonElement normalizer)
    {
        switch (Text(normalizer, "type"))
        {
            case "Sequence":
                foreach (var part in normalizer.GetProperty("normalizers").EnumerateArray()) spec = Normalize(path, spec, part);
                return spec;
            case "Prepend" when Text(normalizer, "prepend") == "▁":
                return spec with { Prefix = DummyPrefix.Prepend };
            case "Replace" when Pattern(normalizer) == " " && Text(normalizer, "content") == "▁":
                return spec with { EscapeSpaces = true };
            default:
                throw new CheckpointException($"{path}: normalizer {normalizer.GetRawText()} is not supported (only Prepend ▁, Replace ' ' by ▁, and a Sequence of them)");
        }
    }

    private static TokenizerSpec PreTokenize(string path, TokenizerSpec spec, JsonElement preTokenizer)
    {
        switch (Text(preTokenizer, "type"))
        {
            case "Sequence":
                foreach (var part in preTokenizer.GetProperty("pretokenizers").EnumerateArray()) spec = PreTokenize(path, spec, part);
                return spec;
            case "Metaspace" when Text(preTokenizer, "replacement") is null or "▁":
                return spec with
                {
                    EscapeSpaces = true,
                    SplitWords = !preTokenizer.TryGetProperty("split", out var split) || split.ValueKind != JsonValueKind.False,
                    Prefix = Scheme(path, preTokenizer),
                };
            default:
                throw new CheckpointException($"{path}: pre_tokenizer {preTokenizer.GetRawText()} is not supported (only Metaspace with ▁)");
        }
    }

    private static DummyPrefix Scheme(string path, JsonElement metaspace) => Text(metaspace, "prepend_scheme") switch
    {
        "always" => DummyPrefix.Always,
        "first" => DummyPrefix.First,
        "never" => DummyPrefix.Never,
        null => metaspace.TryGetProperty("add_prefix_space", out var add) && add.ValueKind == JsonValueKind.False ? DummyPrefix.Never : DummyPrefix.Always,
        var other => throw new CheckpointException($"{path}: pre_tokenizer.prepend_scheme is '{other}'; always, first and never are known"),
    };

    private static TokenizerSpec Decode(string path, TokenizerSpec spec, JsonElement decoder)
    {
        switch (Text(decoder, "type"))
        {
            case "Sequence":
                foreach (var part in decoder.GetProperty("decoders").EnumerateArray()) spec = Decode(path, spec, part);
                return spec;
            case "Replace" when Pattern(decoder) == "▁" && Text(decoder, "content") == " ":
            case "ByteFallback":
            case "Fuse":
                return spec;
            case "Strip" when Text(decoder, "content") == " " && decoder.GetProperty("stop").GetInt32() == 0:
                return spec with { StripStart = decoder.GetProperty("start").GetInt32() };
            case "Metaspace":
                return spec with { StripStart = Scheme(path, decoder) == DummyPrefix.Never ? 0 : 1 };
            default:
                throw new CheckpointException($"{path}: decoder {decoder.GetRawText()} is not supported (only Replace ▁ by ' ', ByteFallback, Fuse, Strip, Metaspace)");
        }
    }

    private static JsonElement? Part(JsonElement element, string name) =>
        element.TryGetProperty(name, out var part) && part.ValueKind != JsonValueKind.Null ? part : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Pattern(JsonElement element) => Part(element, "pattern") is { } pattern ? Text(pattern, "String") : null;
}
