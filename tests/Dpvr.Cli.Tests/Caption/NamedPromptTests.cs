using Dpvr.Cli.Caption;

namespace Dpvr.Cli.Tests.Caption;

public sealed class NamedPromptTests
{
    [Fact]
    public void Parse_NamesAndOrder_AreKeptOrMade() =>
        NamedPrompt.Parse(["Describe it.", "alt=Write an alt text.", "More?"], ["How many?", "colour=Which colour?"]).Should().Equal(
            new NamedPrompt("caption", "Describe it."), new NamedPrompt("alt", "Write an alt text."), new NamedPrompt("caption3", "More?"),
            new NamedPrompt("q1", "How many?"), new NamedPrompt("colour", "Which colour?"));

    [Theory]
    [InlineData("Is 2+2=4?", "caption", "Is 2+2=4?")]
    [InlineData("a b=c", "caption", "a b=c")]
    [InlineData("=text", "caption", "=text")]
    [InlineData("name= text ", "name", "text")]
    public void Parse_OnlyAPlainNameBeforeTheFirstEqualsSign_IsAName(string given, string name, string text) =>
        NamedPrompt.Parse([given], []).Should().Equal(new NamedPrompt(name, text));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("name=")]
    public void Parse_WithoutText_IsRefused(string given) =>
        FluentActions.Invoking(() => NamedPrompt.Parse([given], [])).Should().Throw<UsageException>().WithMessage("--prompt:*no text*");
}
