using System.Text.Json;
using System.Text.Json.Nodes;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Tokens;

namespace Dpvr.Model.Tests.Tokens;

public sealed class TokenizerJsonFileTests
{
    public static TheoryData<string> Variants { get; } =
    [
        "metaspace-first-split", "metaspace-first-whole", "metaspace-always-split", "metaspace-always-whole", "metaspace-never-split", "metaspace-never-whole",
        "normalized", "strip", "arrays", "unk", "unk-single",
    ];

    /// <summary><c>Fixtures/variants.jsonl</c> holds what Hugging Face's <c>tokenizers</c> gave for the same variants.</summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void Read_WhenFileVaries_EncodesAsHuggingFace(string name)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", Vary(name).ToJsonString());
        var tokenizer = Tokenizer.Load(folder.Path);
        int cases = 0;
        foreach (string line in File.ReadLines(Path.Combine(TokenFixtures.Folder, "variants.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement[0].GetString() != name) continue;
            string text = document.RootElement[1].GetString()!;
            tokenizer.Encode(text, addBos: true).Should().Equal(document.RootElement.EnumerateArray().Skip(2).Select(e => e.GetInt32()), "of {0}", text);
            cases++;
        }
        cases.Should().BeGreaterThan(20);
    }

    [Theory]
    [InlineData("model.type", "Unigram")]
    [InlineData("normalizer", """{"type":"NFKC"}""")]
    [InlineData("pre_tokenizer", """{"type":"ByteLevel"}""")]
    [InlineData("decoder", """{"type":"ByteLevel"}""")]
    [InlineData("model.merges", """["a zzzz"]""")]
    [InlineData("model.merges", """["a"]""")]
    [InlineData("model.vocab", """{"a":0,"b":0}""")]
    [InlineData("model.vocab", """{"a":-1}""")]
    [InlineData("model.vocab", "7")]
    [InlineData("model", "null")]
    public void Read_WhenFileIsOfAnotherKind_NamesFileAndPart(string part, string value)
    {
        using var folder = new TemporaryFolder();
        var root = Base();
        string[] names = part.Split('.');
        var parent = names.Length == 1 ? root : root[names[0]]!.AsObject();
        parent[names[^1]] = part == "model.type" ? value : JsonNode.Parse(value);
        if (part == "model.vocab") root["model"]!["merges"] = new JsonArray();
        string path = folder.Write("tokenizer.json", root.ToJsonString());
        FluentActions.Invoking(() => Tokenizer.Load(folder.Path)).Should().Throw<CheckpointException>().WithMessage($"{path}:*");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    public void Read_WhenFileIsDamaged_NamesIt(string content)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("tokenizer.json", content);
        FluentActions.Invoking(() => Tokenizer.Load(folder.Path)).Should().Throw<CheckpointException>().WithMessage($"{path}:*");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Load_WhenAddedTokenHasAnImpossibleId_IsRefused(int id)
    {
        using var folder = new TemporaryFolder();
        var root = Base();
        root["added_tokens"]![4]!["id"] = id;
        folder.Write("tokenizer.json", root.ToJsonString());
        FluentActions.Invoking(() => Tokenizer.Load(folder.Path)).Should().Throw<CheckpointException>().WithMessage($"*<pad>*{id}*");
    }

    [Fact]
    public void Load_WhenFolderHasNoTokenizer_SaysWhatIsMissing()
    {
        using var folder = new TemporaryFolder();
        FluentActions.Invoking(() => Tokenizer.Load(folder.Path)).Should().Throw<CheckpointException>().WithMessage($"{folder.Path}*tokenizer.json*tokenizer.model*");
    }

    private static JsonObject Base() => JsonNode.Parse(File.ReadAllText(Path.Combine(TokenFixtures.HuggingFace, "tokenizer.json")))!.AsObject();

    private static JsonObject Vary(string name)
    {
        var root = Base();
        var model = root["model"]!.AsObject();
        JsonObject Added(string content) => root["added_tokens"]!.AsArray().Select(t => t!.AsObject()).Single(t => (string?)t["content"] == content);
        switch (name.Split('-'))
        {
            case ["metaspace", var scheme, var split]:
                root["normalizer"] = null;
                root["pre_tokenizer"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "▁", ["prepend_scheme"] = scheme, ["split"] = split == "split" };
                break;
            case ["normalized"]:
                Added("<image>")["normalized"] = true;
                Added("<pad>")["normalized"] = true;
                break;
            case ["strip"]:
                Added("<image>")["lstrip"] = true;
                Added("<image>")["rstrip"] = true;
                Added("<pad>")["single_word"] = true;
                break;
            case ["arrays"]:
                model["merges"] = new JsonArray([.. model["merges"]!.AsArray().Select(m => new JsonArray([.. ((string)m!).Split(' ').Select(p => (JsonNode)p)]))]);
                break;
            case ["unk", .. var single]:
                model["byte_fallback"] = false;
                model["fuse_unk"] = single.Length == 0;
                break;
        }
        return root;
    }
}
