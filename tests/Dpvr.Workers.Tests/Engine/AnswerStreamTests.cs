using Dpvr.Model.Tokens;
using Dpvr.Workers.Engine;

namespace Dpvr.Workers.Tests.Engine;

public sealed class AnswerStreamTests
{
    private static readonly Tokenizer s_tokenizer = Tokenizer.Load(Directory.EnumerateDirectories(Path.Combine(Repository.Root, "models"), "scenes-*").Order(StringComparer.Ordinal).Last());

    [Theory]
    [InlineData("a red circle to the left of a blue square")]
    [InlineData("  leading and trailing  \n ")]
    [InlineData("猫 and 🐈 and é")]
    [InlineData("one\ntwo END three")]
    [InlineData("EN")]
    [InlineData("")]
    public void Push_OneTokenAtATime_TellsTheWholeTextAndNothingElse(string text)
    {
        var tokens = s_tokenizer.Encode(text, addBos: false);
        var whole = s_tokenizer.Decode(tokens).Trim();
        var cut = whole.IndexOf("END", StringComparison.Ordinal);
        if (cut >= 0) whole = whole[..cut].TrimEnd();
        var told = new List<string>();
        var stream = new AnswerStream(s_tokenizer, ["END"], told.Add);

        for (var i = 1; i <= tokens.Count; i++) stream.Push([.. tokens.Take(i)]);
        var before = string.Concat(told);
        stream.End(whole);

        whole.Should().StartWith(before, "nothing is told that has to be taken back");
        string.Concat(told).Should().Be(whole);
        told.Should().OnlyContain(piece => piece.Length > 0);
        if (whole.Length > 20) told.Count.Should().BeGreaterThan(2, "it is told as it is made");
    }
}
