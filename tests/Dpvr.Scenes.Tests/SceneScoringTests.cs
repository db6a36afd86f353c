namespace Dpvr.Scenes.Tests;

public sealed class SceneScoringTests
{
    private const string Short = "A small red circle, a large blue square and a large green star on a plain gray background.";
    private const string Detailed = "There are three objects. From left to right: a small red circle, a large blue square, a large green star. The red circle is above the blue square.";
    private const string List = "small red circle; large blue square; large green star";

    [Fact]
    public void ScoreCaption_OfEveryTrueCaption_IsFull()
    {
        foreach (var scene in Some.Many(1500))
            foreach (var style in SceneCaptions.Styles)
            {
                var caption = SceneCaptions.Write(scene, style);
                var score = SceneScoring.ScoreCaption(scene, caption, style);
                score.FullyTrue.Should().BeTrue(caption);
                score.Should().Be(SceneScoring.ScoreCaption(scene, caption), "the style shows from the words");
                score.Total.Should().Be(1 + 3 * scene.Objects.Count + (style == CaptionStyle.Short ? 2 : 0)
                    + (style == CaptionStyle.Detailed ? SceneCaptions.Relations(scene).Count() : 0));
            }
    }

    [Theory]
    [InlineData(Short, 12, 12)]
    [InlineData(Detailed, 11, 11)]
    [InlineData(List, 10, 10)]
    [InlineData("A large red circle, a large blue square and a large green star on a plain gray background.", 11, 12)]
    [InlineData("A small red circle, a large blue square and a large green star on a striped gray background.", 11, 12)]
    [InlineData("A small red circle, a large blue square and a large green star on a striped beige background.", 10, 12)]
    [InlineData("A small pink circle, a large blue heart and a large green star on a plain gray background.", 10, 12)]
    [InlineData("There are two objects. From left to right: a small red circle, a large blue square, a large green star. The red circle is above the blue square.", 10, 11)]
    [InlineData("There are three objects. From left to right: a small red circle, a large blue square, a large green star. The red circle is below the blue square.", 10, 11)]
    [InlineData("There are three objects. From left to right: a small red circle, a large blue square, a large green star. The red circle is above the blue heart.", 10, 11)]
    [InlineData("small red circle; large blue square", 6, 10)] // one missing: the count and its three facts
    [InlineData("small red circle; large blue square; large green star; small pink heart", 9, 13)] // one invented: the count and three more
    [InlineData("large blue square; small red circle; large green star", 4, 10)] // swapped places
    [InlineData("small red circel; large blue square; large green star", 9, 10)] // a misspelt word
    [InlineData("red circle; large blue square; large green star", 9, 10)] // a word left out
    [InlineData("", 0, 10)]
    [InlineData("I cannot see anything.", 0, 10)]
    public void ScoreCaption_WhenCorrupted_LosesExactlyTheChangedFacts(string caption, int right, int total)
    {
        var score = SceneScoring.ScoreCaption(Some.Three, caption);
        (score.Right, score.Total).Should().Be((right, total));
        score.FullyTrue.Should().Be(right == total);
    }

    [Fact]
    public void ScoreCaption_WhenTheAskedStyleIsShort_MissesTheBackground() =>
        SceneScoring.ScoreCaption(Some.Three, List, CaptionStyle.Short).Should().Be(new CaptionScore(10, 12));

    [Fact]
    public void ScoreCaption_WhenAnyOneWordChanges_LosesOneFact()
    {
        var random = new SceneRandom(9);
        foreach (var scene in Some.Many(300))
        {
            var words = SceneCaptions.Write(scene, CaptionStyle.List).Split(' ');
            var at = random.Below(words.Length);
            var end = words[at].EndsWith(';') ? ";" : "";
            var kind = ((IReadOnlyList<string>[])[SceneWords.Sizes, SceneWords.Colours, SceneWords.Shapes])[at % 3];
            words[at] = kind.First(w => w != words[at].TrimEnd(';')) + end;
            var score = SceneScoring.ScoreCaption(scene, string.Join(' ', words));
            score.Right.Should().Be(score.Total - 1);
        }
    }

    [Fact]
    public void FactsOf_AScene_StatesEverything()
    {
        SceneScoring.FactsOf(Some.Three).Should().HaveCount(12).And.Contain(
            [new("count", -1, "three"), new("size", 0, "small"), new("colour", 1, "blue"), new("shape", 2, "star"), new("pattern", -1, "plain"), new("background", -1, "gray")]);
    }

    [Theory]
    [InlineData("red", true)]
    [InlineData(" Red.\n", true)]
    [InlineData("reddish", false)]
    [InlineData("", false)]
    public void ScoreAnswer_WithAnAnswer_IgnoresCaseAndFullStop(string answer, bool right) =>
        SceneScoring.ScoreAnswer(new SceneQuestion(QuestionKind.ColourOf, "What color is the circle?", "red"), answer).Should().Be(right);

    [Theory]
    [InlineData("A small red circle, a large pink square and a large green star on a plain beige background.", CaptionFactKind.Colour, CaptionFactKind.Background)]
    [InlineData("A large red circle, a large blue square and a large green heart on a plain gray background.", CaptionFactKind.Size, CaptionFactKind.Shape)]
    [InlineData("There are two objects. From left to right: a small red circle, a large blue square, a large green star. The red circle is below the blue square.", CaptionFactKind.Number, CaptionFactKind.Relation)]
    public void CheckCaption_WithTwoMistakes_SaysWhatTheyAreAbout(string caption, CaptionFactKind first, CaptionFactKind second)
    {
        var facts = SceneScoring.CheckCaption(Some.Three, caption);
        facts.Where(f => !f.IsRight).Select(f => f.Kind).Should().BeEquivalentTo([first, second]);
        facts.Count(f => f.Kind == CaptionFactKind.Colour).Should().Be(3);
    }
}
