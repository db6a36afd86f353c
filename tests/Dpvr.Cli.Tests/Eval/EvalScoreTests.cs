using Dpvr.Cli.Eval;
using Dpvr.Scenes;

namespace Dpvr.Cli.Tests.Eval;

/// <summary>The accounting, on outputs made by hand: no model.</summary>
public sealed class EvalScoreTests
{
    private static readonly Scene Two = new(SceneSplit.Test, 3, new(BackgroundPattern.Plain, BackgroundColour.Gray, 0, 0.2, 0, 0, 1),
    [
        new(Shape.Circle, Colour.Red, ObjectSize.Small, 0.2, 0.2, 0.1, 0),
        new(Shape.Square, Colour.Blue, ObjectSize.Large, 0.6, 0.7, 0.17, 0),
    ]);

    [Fact]
    public void Of_AMixOfRightAndWrong_CountsEachWhereItBelongs()
    {
        var score = EvalScore.Of(
        [
            (Caption(CaptionStyle.Short), new("A small red circle and a large blue square on a plain gray background.")), // 9 of 9
            (Caption(CaptionStyle.Short), new("A small pink circle and a large blue square on a striped gray background.")), // 7: colour, background
            (Caption(CaptionStyle.Detailed), new("There are two objects. From left to right: a small red circle, a large blue square. The red circle is below the blue square.")), // 7 of 8
            (Caption(CaptionStyle.List), new("small red circle; large blue heart", CutOff: true)), // 6 of 7: shape
            (Question(QuestionKind.ColourOf, "red"), new("Red.")),
            (Question(QuestionKind.ColourOf, "blue"), new("red")),
            (Question(QuestionKind.HowMany, "two"), new("two")),
            (Question(QuestionKind.HowMany, "zero"), new("", Error: "model_nan")),
        ]);

        score.CaptionFacts.Should().Be(new Proportion(9 + 7 + 7 + 6, 9 + 9 + 8 + 7));
        score.CaptionFactsByKind.Should().Equal(new Dictionary<CaptionFactKind, Proportion>
        {
            [CaptionFactKind.Number] = new(4, 4), [CaptionFactKind.Size] = new(8, 8), [CaptionFactKind.Colour] = new(7, 8),
            [CaptionFactKind.Shape] = new(7, 8), [CaptionFactKind.Background] = new(3, 4), [CaptionFactKind.Relation] = new(0, 1),
        });
        score.CaptionsTrue.Should().Be(new Proportion(1, 4));
        score.CaptionsTrueByStyle.Should().Equal(new Dictionary<CaptionStyle, Proportion>
        {
            [CaptionStyle.Short] = new(1, 2), [CaptionStyle.Detailed] = new(0, 1), [CaptionStyle.List] = new(0, 1),
        });
        score.Answers.Should().Be(new Proportion(2, 4));
        score.AnswersByKind.Should().Equal(new Dictionary<QuestionKind, Proportion> { [QuestionKind.ColourOf] = new(1, 2), [QuestionKind.HowMany] = new(1, 2) });
        (score.CutOff, score.Failed).Should().Be((1, 1));
    }

    [Fact]
    public void Of_ACaptionThatFailed_CountsAllItsFactsAsWrong() =>
        EvalScore.Of([(Caption(CaptionStyle.Short), new("", Error: "model_nan"))]).CaptionFacts.Should().Be(new Proportion(0, 9));

    [Fact]
    public void Of_EveryTrueAnswer_IsFull()
    {
        var prompts = Enumerable.Range(0, 50).SelectMany(i => EvalPrompt.Of(SceneGenerator.Generate(SceneSplit.Test, i), 5)).ToArray();
        var score = EvalScore.Of([.. prompts.Select(p => (p, new EvalAnswer(p.Question?.Answer ?? SceneCaptions.For(p.Scene, p.Text))))]);
        (score.CaptionFacts.Share, score.CaptionsTrue, score.Answers.Share).Should().Be((1, new Proportion(150, 150), 1));
        score.Answers.Count.Should().Be(prompts.Count(p => p.Question is not null)).And.BeInRange(200, 250);
    }

    [Fact]
    public void Prompts_OverScenes_UseEveryWording()
    {
        var asked = Enumerable.Range(0, 3).SelectMany(i => EvalPrompt.Of(SceneGenerator.Generate(SceneSplit.Test, i), 0)).ToArray();
        asked.Select(p => p.Text).Should().BeEquivalentTo(SceneCaptions.Styles.SelectMany(SceneCaptions.Prompts));
        asked.Should().OnlyContain(p => SceneCaptions.StyleOf(p.Text) == p.Style);
    }

    private static EvalPrompt Caption(CaptionStyle style) => new(Two, SceneCaptions.Prompts(style)[0], style, null);

    private static EvalPrompt Question(QuestionKind kind, string answer) => new(Two, "?", null, new SceneQuestion(kind, "?", answer));
}
