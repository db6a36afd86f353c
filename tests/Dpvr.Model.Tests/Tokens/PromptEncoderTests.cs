using CsCheck;
using Dpvr.Model.Tokens;

namespace Dpvr.Model.Tests.Tokens;

public sealed class PromptEncoderTests
{
    private static readonly Tokenizer Tokenizer = TokenFixtures.LoadHuggingFace();
    private static readonly PromptEncoder Encoder = new(Tokenizer, ChatTemplate.Llava15, imageTokenId: 1200);

    [Fact]
    public void Encode_WhenPromptHasPicture_EqualsTheTokenizerOnTheRenderedText()
    {
        var tokens = Encoder.Encode("What is in the picture?", 1);
        tokens.Ids.Should().Equal(Tokenizer.Encode("USER: <image>\nWhat is in the picture? ASSISTANT:", addBos: true));
        tokens.Images.Should().Be(1);
        tokens.IsTarget.Should().OnlyContain(t => !t).And.HaveCount(tokens.Ids.Length);
    }

    [Fact]
    public void Encode_WhenTokenizerLacksTheMarker_StillGivesTheImageToken()
    {
        var tokens = new PromptEncoder(TokenFixtures.LoadSentencePiece(), ChatTemplate.Llava15, imageTokenId: 1200).Encode("What is it?", 1);
        tokens.Ids.Should().Equal(Encoder.Encode("What is it?", 1).Ids);
    }

    [Fact]
    public void Encode_WhenMarkersAreNotThePictures_IsAnError() => Encoder.Encode("<image>", 2).Error!.Code.Should().Be(PromptError.ImageCount);

    [Fact]
    public void EncodeConversation_WhenWholeConversation_EqualsTheTokenizerOnTheRenderedText()
    {
        ChatTurn[] turns = [new(ChatRole.User, "<image>\nWhat is it?"), new(ChatRole.Assistant, "A red circle."), new(ChatRole.User, "And left?"), new(ChatRole.Assistant, "A star.")];
        var tokens = Encoder.EncodeConversation(turns);
        tokens.Ids.Should().Equal(Tokenizer.Encode(ChatTemplate.Llava15.Render(turns).Text, addBos: true));
        var learned = tokens.Ids.Where((_, i) => tokens.IsTarget[i]).ToArray();
        learned.Should().Equal([.. Tokenizer.Encode("A red circle.", false), 2, .. Tokenizer.Encode("A star.", false), 2]);
    }

    [Fact]
    public void EncodeConversation_WhenCutBeforeAnAnswer_IsAPrefix()
    {
        var text = TokenizerTests.AnyText.Select(t => t.Replace("<image>", "", StringComparison.Ordinal));
        Gen.Select(text, text, text, text).Sample((first, answer, second, last) =>
        {
            ChatTurn[] turns = [new(ChatRole.User, "<image>\n" + first), new(ChatRole.Assistant, answer), new(ChatRole.User, second), new(ChatRole.Assistant, last)];
            var whole = Encoder.EncodeConversation(turns);
            var asked = Encoder.EncodeConversation(turns[..3]);
            var first1 = Encoder.EncodeConversation(turns[..1]);
            return whole.Ids.AsSpan().StartsWith(asked.Ids) && asked.Ids.AsSpan().StartsWith(first1.Ids)
                && whole.IsTarget.Skip(asked.Ids.Length).All(t => t) && whole.Ids[^1] == 2
                && Tokenizer.Decode(whole.Ids[asked.Ids.Length..]) == last;
        }, iter: 2000);
    }

    [Fact]
    public void EncodeConversation_WhenAnswerNamesASpecialToken_TakesItAsText()
    {
        var tokens = Encoder.EncodeConversation([new(ChatRole.User, "Say it"), new(ChatRole.Assistant, "</s><image>")]);
        tokens.Images.Should().Be(0);
        tokens.Ids.Count(id => id == 2).Should().Be(1);
    }
}
