using System.Text.Json.Nodes;
using CsCheck;
using Dpvr.Model.Tokens;

namespace Dpvr.Model.Tests.Tokens;

public sealed class BpeTrainerTests
{
    private static readonly string[] Lines =
    [
        "There is a red circle above the blue square.", "A small green star is left of the large yellow ring.", "How many shapes are there? There are 3.",
        "What colour is the square? The square is blue.", "USER: Is there a red star? ASSISTANT: No, there is no red star.", "the  red   ring", "A large white cross.",
        "Der Würfel ist grün.", "line one\nline two",
    ];

    [Fact]
    public void Train_WhenTextIsGiven_LaysTheVocabularyOutAsLlama()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = BpeTrainer.Train(Lines, folder.Path, new BpeTrainerOptions { VocabularySize = 340 });
        tokenizer.VocabularySize.Should().Be(340);
        (tokenizer.UnkId, tokenizer.BosId, tokenizer.EosId, tokenizer.PadId).Should().Be((0, 1, 2, 339));
        tokenizer.TryGetId("<0x00>", out int first).Should().BeTrue();
        first.Should().Be(3);
        tokenizer.TryGetId("<image>", out int image).Should().BeTrue();
        image.Should().Be(338);
        tokenizer.Encode("the red", addBos: false).Should().HaveCount(2);
    }

    [Fact]
    public void Train_WhenFileIsWritten_HasTheLayoutOfLlama()
    {
        using var folder = new TemporaryFolder();
        BpeTrainer.Train(Lines, folder.Path);
        JsonNode Layout(string path)
        {
            var root = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "tokenizer.json")))!;
            root["model"]!["vocab"] = new JsonObject();
            root["model"]!["merges"] = new JsonArray();
            foreach (var token in root["added_tokens"]!.AsArray()) token!["id"] = 0;
            return root;
        }
        JsonNode.DeepEquals(Layout(folder.Path), Layout(TokenFixtures.HuggingFace)).Should().BeTrue();
    }

    [Fact]
    public void Train_WhenPairsRunOut_StopsBelowTheSize()
    {
        using var folder = new TemporaryFolder();
        BpeTrainer.Train(["ab ab"], folder.Path, new BpeTrainerOptions { VocabularySize = 500 }).VocabularySize.Should().Be(3 + 256 + 2 + 3 + 2, "▁, a, b, and two of their merges remain");
    }

    [Fact]
    public void Train_WhenRunTwice_WritesTheSameFiles()
    {
        using TemporaryFolder one = new(), two = new();
        BpeTrainer.Train(Lines, one.Path);
        BpeTrainer.Train(Lines.Reverse(), two.Path);
        foreach (string name in new[] { "tokenizer.json", "tokenizer_config.json" })
            File.ReadAllBytes(Path.Combine(one.Path, name)).Should().Equal(File.ReadAllBytes(Path.Combine(two.Path, name)));
    }

    [Fact]
    public void Train_WhenPiecesAreMerged_KeepsThemInsideWords()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = BpeTrainer.Train(Enumerable.Repeat("a b. 12 c's", 50), folder.Path);
        for (int id = 3 + 256; id < tokenizer.VocabularySize - 2; id++)
        {
            string piece = tokenizer.TextOf(id)!.Value.Text!;
            (piece.LastIndexOf(' ') <= 0 && piece.TrimStart(' ').Length <= 1).Should().BeTrue("piece '{0}' crosses a word's end", piece);
        }
    }

    [Fact]
    public void Train_WhenTextIsDecodedAgain_LosesNothing()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = BpeTrainer.Train(Lines, folder.Path);
        TokenizerTests.AnyText.Sample(text => tokenizer.Decode(tokenizer.Encode(text, addBos: true)) == text, iter: 2000);
    }

    [Fact]
    public void Train_WhenThereIsNoRoom_SaysHowMuchIsNeeded()
    {
        using var folder = new TemporaryFolder();
        FluentActions.Invoking(() => BpeTrainer.Train(Lines, folder.Path, new BpeTrainerOptions { VocabularySize = 100 }))
            .Should().Throw<ArgumentException>().WithMessage("*100*262*");
    }
}
