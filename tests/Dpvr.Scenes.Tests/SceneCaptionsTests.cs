namespace Dpvr.Scenes.Tests;

public sealed class SceneCaptionsTests
{
    [Theory]
    [InlineData("Describe the image.", "A small red circle, a large blue square and a large green star on a plain gray background.")]
    [InlineData("Write a detailed caption.", "There are three objects. From left to right: a small red circle, a large blue square, a large green star. The red circle is above the blue square.")]
    [InlineData("List the objects.", "small red circle; large blue square; large green star")]
    public void For_APrompt_WritesItsStyle(string prompt, string caption) => SceneCaptions.For(Some.Three, prompt).Should().Be(caption);

    [Theory]
    [InlineData(CaptionStyle.Short, "A small red circle on a plain gray background.")]
    [InlineData(CaptionStyle.Detailed, "There is one object: a small red circle.")]
    [InlineData(CaptionStyle.List, "small red circle")]
    public void Write_OfOneObject_StaysGrammatical(CaptionStyle style, string caption) =>
        SceneCaptions.Write(Some.Three with { Objects = [Some.Three.Objects[0]] }, style).Should().Be(caption);

    [Fact]
    public void Write_WhenColourAndShapeRepeat_NamesTheSizeInRelations()
    {
        var scene = Some.Three with
        {
            Objects = [Some.Object(Shape.Star, Colour.Red, ObjectSize.Small, 0.2, 0.8), Some.Object(Shape.Star, Colour.Red, ObjectSize.Large, 0.6, 0.3)],
        };
        SceneCaptions.Write(scene, CaptionStyle.Detailed).Should().EndWith(" The small red star is below the large red star.");
    }

    [Fact]
    public void StyleOf_EveryPrompt_IsItsOwnStyle()
    {
        foreach (var style in SceneCaptions.Styles)
            SceneCaptions.Prompts(style).Should().HaveCountGreaterThanOrEqualTo(3).And.OnlyContain(prompt => SceneCaptions.StyleOf(prompt) == style);
        SceneCaptions.Styles.SelectMany(SceneCaptions.Prompts).Should().OnlyHaveUniqueItems();
        SceneCaptions.StyleOf("What color is the circle?").Should().BeNull();
    }

    [Fact]
    public void For_AnotherPrompt_Refuses() =>
        FluentActions.Invoking(() => SceneCaptions.For(Some.Three, "Sing.")).Should().Throw<ArgumentException>();
}
