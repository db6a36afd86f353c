using System.Text;
using CsCheck;
using Dpvr.Model.Tokens;

namespace Dpvr.Model.Tests.Tokens;

public sealed class IncrementalDecoderTests
{
    private static readonly Tokenizer Tokenizer = TokenFixtures.LoadHuggingFace();

    [Fact]
    public void Push_WhenIdsAreArbitrary_EqualsSentencePieceAsAWhole()
    {
        foreach (var (text, ids) in TokenFixtures.Read("decoded.jsonl")) Together(ids).Should().Be(text);
    }

    [Fact]
    public void Push_WhenIdsAreArbitrary_EqualsDecode() =>
        Gen.OneOf(Gen.Int[-2, 1203], Gen.Int[3, 258], Gen.Int[3 + 0x80, 3 + 0xff]).Array[0, 20]
            .Sample(ids => Together(ids) == Tokenizer.Decode(ids) && Together(ids, skipSpecial: false) == Tokenizer.Decode(ids, skipSpecial: false), iter: 3000);

    [Fact]
    public void Push_WhenTextWasEncoded_GivesTheTextBack() =>
        TokenizerTests.AnyText.Sample(text => Together([.. Tokenizer.Encode(text, addBos: true)]) == text, iter: 3000);

    [Fact]
    public void Push_WhenCharacterTakesSeveralBytes_HoldsThemBack()
    {
        var decoder = new IncrementalDecoder(Tokenizer);
        Encoding.UTF8.GetBytes("🙂").Select(b => decoder.Push(b + 3)).Should().Equal("", "", "", "🙂");
        decoder.Push(3 + 0xe6).Should().Be("");
        decoder.Push(3 + 'x').Should().Be("\ufffdx");
        decoder.Push(3 + 0xf0).Should().Be("");
        decoder.Flush().Should().Be("\ufffd");
    }

    private static string Together(int[] ids, bool skipSpecial = true)
    {
        var decoder = new IncrementalDecoder(Tokenizer, skipSpecial);
        return string.Concat(ids.Select(decoder.Push)) + decoder.Flush();
    }
}
