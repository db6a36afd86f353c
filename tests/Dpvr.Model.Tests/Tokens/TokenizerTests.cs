using System.Diagnostics;
using CsCheck;
using Dpvr.Model.Tokens;

namespace Dpvr.Model.Tests.Tokens;

public sealed class TokenizerTests
{
    /// <summary>Any well-formed text without ▁ (which decodes to a space) and without the names of special tokens.</summary>
    internal static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String[Gen.Char["abcdefghij  klmnopqrstuvwxyz .,:0123456789\n"], 0, 60],
        Gen.OneOf(Gen.Int[0x20, 0x7e], Gen.Int[0, 0x2580], Gen.Int[0x2582, 0xd7ff], Gen.Int[0xe000, 0xffff], Gen.Int[0x10000, 0x10ffff])
            .Array[0, 30].Select(points => string.Concat(points.Select(char.ConvertFromUtf32))));

    [Fact]
    public void Encode_WhenModelIsSentencePiece_EqualsSentencePiece()
    {
        var tokenizer = TokenFixtures.LoadSentencePiece();
        var cases = TokenFixtures.Read("encoded.jsonl");
        cases.Count.Should().BeGreaterThanOrEqualTo(1000);
        foreach (var (text, ids) in cases) tokenizer.Encode(text, addBos: false).Should().Equal(ids, "of {0}", text);
    }

    [Fact]
    public void Encode_WhenModelIsConvertedToJson_EqualsSentencePiece()
    {
        var tokenizer = TokenFixtures.LoadHuggingFace();
        foreach (var (text, ids) in TokenFixtures.Read("encoded.jsonl")) tokenizer.Encode(text, addBos: false).Should().Equal(ids, "of {0}", text);
    }

    [Fact]
    public void Encode_WhenTextIsArbitrary_AgreesBetweenFormats()
    {
        Tokenizer model = TokenFixtures.LoadSentencePiece(), json = TokenFixtures.LoadHuggingFace();
        AnyText.Sample(text => model.Encode(text, true).SequenceEqual(json.Encode(text, true)), iter: 3000);
    }

    [Fact]
    public void Encode_WhenBosIsWanted_StartsWithIt()
    {
        var tokenizer = TokenFixtures.LoadSentencePiece();
        tokenizer.Encode("", addBos: true).Should().Equal(1);
        tokenizer.Encode("a", addBos: true).Should().Equal([1, .. tokenizer.Encode("a", addBos: false)]);
    }

    [Fact]
    public void Encode_WhenTextHasAddedTokens_MatchesHuggingFace()
    {
        var tokenizer = TokenFixtures.LoadHuggingFace();
        foreach (var (text, ids) in TokenFixtures.Read("added.jsonl")) tokenizer.Encode(text, addBos: true).Should().Equal(ids, "of {0}", text);
    }

    [Fact]
    public void Encode_WhenSurrogatesAreBroken_ReadsReplacementCharacters()
    {
        var tokenizer = TokenFixtures.LoadHuggingFace();
        foreach (string text in new[] { "\ud800", "a\udc00b", "\ud83d \ude42", "x\ud83d" })
        {
            string repaired = string.Concat(text.Select(c => char.IsSurrogate(c) ? '\ufffd' : c));
            tokenizer.Encode(text, false).Should().Equal(tokenizer.Encode(repaired, false));
        }
    }

    [Fact]
    public void Decode_WhenIdsWereEncoded_GivesTheText()
    {
        foreach (var tokenizer in new[] { TokenFixtures.LoadSentencePiece(), TokenFixtures.LoadHuggingFace() })
            AnyText.Sample(text => tokenizer.Decode(tokenizer.Encode(text, addBos: true)) == text, iter: 3000);
    }

    [Fact]
    public void Decode_WhenIdsAreArbitrary_EqualsSentencePiece()
    {
        var tokenizer = TokenFixtures.LoadSentencePiece();
        foreach (var (text, ids) in TokenFixtures.Read("decoded.jsonl")) tokenizer.Decode(ids).Should().Be(text, "of {0}", string.Join(' ', ids));
    }

    [Fact]
    public void Decode_WhenIdsAreNoTokens_LeavesThemOut()
    {
        var tokenizer = TokenFixtures.LoadHuggingFace();
        var ids = tokenizer.Encode("a red circle", addBos: true);
        tokenizer.Decode([-1, .. ids, 1202, int.MaxValue, int.MinValue]).Should().Be("a red circle");
    }

    [Fact]
    public void Decode_WhenSpecialTokensAreKept_ShowsThem()
    {
        var tokenizer = TokenFixtures.LoadHuggingFace();
        tokenizer.Decode([1, .. tokenizer.Encode("red", false), 1200, 2], skipSpecial: false).Should().Be("<s> red<image></s>");
        tokenizer.Decode([1, .. tokenizer.Encode("red", false), 1200, 2]).Should().Be("red");
    }

    [Fact]
    public void Load_WhenFormatsDiffer_KnowsTheSameRoles()
    {
        foreach (var tokenizer in new[] { TokenFixtures.LoadSentencePiece(), TokenFixtures.LoadHuggingFace() })
            (tokenizer.UnkId, tokenizer.BosId, tokenizer.EosId).Should().Be((0, 1, 2));
        TokenFixtures.LoadSentencePiece().VocabularySize.Should().Be(1200);
        var json = TokenFixtures.LoadHuggingFace();
        json.VocabularySize.Should().Be(1202);
        json.PadId.Should().Be(1201);
        json.TryGetId("<image>", out int image).Should().BeTrue();
        image.Should().Be(1200);
        json.TryGetId("<video>", out _).Should().BeFalse();
    }

    [Theory]
    [InlineData("aaaaaaaa")]
    [InlineData("the quick brown fox jumps over the lazy dog. ")]
    [InlineData("日本語🙂")]
    [InlineData("    ")]
    public void Encode_WhenTextIsLong_TakesTimeInProportion(string unit)
    {
        var tokenizer = TokenFixtures.LoadSentencePiece();
        string Long(int length) => string.Concat(Enumerable.Repeat(unit, length / unit.Length));
        tokenizer.Encode(Long(50_000), false);
        // Far above the fraction of a second it takes, far below what a quadratic merge would. The quickest of several: a pause of the machine is not the tokenizer's.
        var (ids, quickest) = (default(IReadOnlyList<int>)!, TimeSpan.MaxValue);
        for (var tries = 0; tries < 3 && quickest > TimeSpan.FromSeconds(15); tries++)
        {
            var clock = Stopwatch.StartNew();
            ids = tokenizer.Encode(Long(1_000_000), false);
            quickest = clock.Elapsed < quickest ? clock.Elapsed : quickest;
        }
        quickest.Should().BeLessThan(TimeSpan.FromSeconds(15));
        tokenizer.Decode(ids).Should().Be(Long(1_000_000));
    }
}
