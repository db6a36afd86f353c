using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dpvr.Model.Tokens;

/// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c> in the layout that LLaMA's have.</summary>
internal static class TokenizerJsonWriter
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string folder, IReadOnlyList<string> alphabet, IReadOnlyList<(string Left, string Right)> merges, BpeTrainerOptions options)
    {
        var pieces = new List<string> { "<unk>", "<s>", "</s>" };
        for (int value = 0; value < 256; value++) pieces.Add($"<0x{value:X2}>");
        pieces.AddRange(merges.Select(m => m.Left + m.Right).Distinct(StringComparer.Ordinal));
        pieces.AddRange(alphabet);
        var added = new List<(int Id, string Content)> { (0, "<unk>"), (1, "<s>"), (2, "</s>") };
        for (int i = 0; i < options.AddedTokens.Count; i++) added.Add((pieces.Count + i, options.AddedTokens[i]));
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), Tokenizer(pieces, merges, added).ToJsonString(Layout) + "\n");
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), Config(added, options).ToJsonString(Layout) + "\n");
    }

    private static JsonObject Tokenizer(List<string> pieces, IReadOnlyList<(string Left, string Right)> merges, List<(int Id, string Content)> added) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. added.Select(t => Added(t.Content, t.Id))]),
        ["normalizer"] = new JsonObject
        {
            ["type"] = "Sequence",
            ["normalizers"] = new JsonArray(
                new JsonObject { ["type"] = "Prepend", ["prepend"] = "▁" },
                Replace(" ", "▁")),
        },
        ["pre_tokenizer"] = null,
        ["post_processor"] = PostProcessor(),
        ["decoder"] = new JsonObject
        {
            ["type"] = "Sequence",
            ["decoders"] = new JsonArray(
                Replace("▁", " "),
                new JsonObject { ["type"] = "ByteFallback" },
                new JsonObject { ["type"] = "Fuse" },
                new JsonObject { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 }),
        },
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = "<unk>",
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = true,
            ["byte_fallback"] = true,
            ["vocab"] = new JsonObject(pieces.Select((piece, id) => KeyValuePair.Create(piece, (JsonNode?)id))),
            ["merges"] = new JsonArray([.. merges.Select(m => (JsonNode)$"{m.Left} {m.Right}")]),
        },
    };

    private static JsonObject PostProcessor()
    {
        static JsonObject Special(int type) => new() { ["SpecialToken"] = new JsonObject { ["id"] = "<s>", ["type_id"] = type } };
        static JsonObject Sequence(string name, int type) => new() { ["Sequence"] = new JsonObject { ["id"] = name, ["type_id"] = type } };
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(Special(0), Sequence("A", 0)),
            ["pair"] = new JsonArray(Special(0), Sequence("A", 0), Special(1), Sequence("B", 1)),
            ["special_tokens"] = new JsonObject
            {
                ["<s>"] = new JsonObject { ["id"] = "<s>", ["ids"] = new JsonArray(1), ["tokens"] = new JsonArray("<s>") },
            },
        };
    }

    private static JsonObject Config(List<(int Id, string Content)> added, BpeTrainerOptions options) => new()
    {
        ["add_bos_token"] = true,
        ["add_eos_token"] = false,
        ["added_tokens_decoder"] = new JsonObject(added.Select(t => KeyValuePair.Create(t.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), (JsonNode?)Added(t.Content, null)))),
        ["bos_token"] = "<s>",
        ["clean_up_tokenization_spaces"] = false,
        ["eos_token"] = "</s>",
        ["model_max_length"] = options.ModelMaxLength,
        ["pad_token"] = options.AddedTokens.Contains("<pad>") ? "<pad>" : null,
        ["padding_side"] = "left",
        ["tokenizer_class"] = "LlamaTokenizerFast",
        ["unk_token"] = "<unk>",
    };

    private static JsonObject Added(string content, int? id)
    {
        var token = new JsonObject();
        if (id is { } value) token["id"] = value;
        token["content"] = content;
        foreach (string flag in new[] { "single_word", "lstrip", "rstrip", "normalized" }) token[flag] = false;
        token["special"] = true;
        return token;
    }

    private static JsonObject Replace(string pattern, string content) =>
        new() { ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = pattern }, ["content"] = content };
}
