using CsCheck;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Tokens;

namespace Dpvr.Model.Tests.Tokens;

public sealed class SentencePieceFileTests
{
    private static readonly byte[] Whole = File.ReadAllBytes(Path.Combine(TokenFixtures.SentencePiece, "tokenizer.model"));

    [Fact]
    public void Read_WhenFileIsCut_NeverFailsInAnotherWay()
    {
        using var folder = new TemporaryFolder();
        Gen.Int[0, Whole.Length - 1].Sample(length => Refuses(folder, Whole[..length]), iter: 200, threads: 1);
    }

    [Fact]
    public void Read_WhenBytesAreChanged_NeverFailsInAnotherWay()
    {
        using var folder = new TemporaryFolder();
        Gen.Select(Gen.Int[0, Whole.Length - 1], Gen.Byte).Array[1, 4].Sample(
            changes =>
            {
                var bytes = (byte[])Whole.Clone();
                foreach (var (at, value) in changes) bytes[at] = value;
                return Refuses(folder, bytes);
            },
            iter: 300,
            threads: 1);
    }

    [Theory]
    [InlineData("trainer_spec.model_type is 1", 0x12, 0x02, 0x18, 0x01)]
    [InlineData("treat_whitespace_as_suffix", 0x12, 0x03, 0xc0, 0x01, 0x01)]
    [InlineData("normalizer_spec.name", 0x1a, 0x03, 0x12, 0x01, 0x61)]
    [InlineData("type UNUSED", 0x0a, 0x05, 0x0a, 0x01, 0x61, 0x18, 0x05)]
    [InlineData("bos_id is 9999", 0x12, 0x04, 0xc8, 0x02, 0x8f, 0x4e)]
    public void Read_WhenFileNeedsMore_SaysWhat(string reason, params int[] appended)
    {
        // A message that stands twice is merged, so what is appended changes single fields.
        using var folder = new TemporaryFolder();
        byte[] extra = [.. appended.Select(b => (byte)b)];
        File.WriteAllBytes(Path.Combine(folder.Path, "tokenizer.model"), [.. Whole, .. extra]);
        FluentActions.Invoking(() => Tokenizer.Load(folder.Path)).Should().Throw<CheckpointException>().WithMessage($"*tokenizer.model*{reason}*");
    }

    [Fact]
    public void Load_WhenConfigAddsTokens_MatchesThem()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, "tokenizer.model"), Whole);
        folder.Write("added_tokens.json", """{"<image>": 1200}""");
        folder.Write("tokenizer_config.json", """
            {"added_tokens_decoder": {"1201": {"content": "<pad>", "special": true}}, "pad_token": {"content": "<pad>"}, "bos_token": "<s>"}
            """);
        var tokenizer = Tokenizer.Load(folder.Path);
        foreach (var (text, ids) in TokenFixtures.Read("added.jsonl")) tokenizer.Encode(text, addBos: true).Should().Equal(ids, "of {0}", text);
        tokenizer.VocabularySize.Should().Be(1202);
        tokenizer.PadId.Should().Be(1201);
    }

    private static bool Refuses(TemporaryFolder folder, byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(folder.Path, "tokenizer.model"), bytes);
        try
        {
            var tokenizer = Tokenizer.Load(folder.Path);
            tokenizer.Decode(tokenizer.Encode("a red circle <s> 日本", addBos: true));
        }
        catch (CheckpointException)
        {
            // Refusing is right; what must not come is any other exception.
        }
        return true;
    }
}
