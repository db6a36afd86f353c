using System.Text.RegularExpressions;

namespace Dpvr.Scenes.Tests;

public sealed class SceneQuestionsTests
{
    [Fact]
    public void For_EveryScene_HasTheOneAnswerThatThePictureGives()
    {
        var kinds = new HashSet<QuestionKind>();
        foreach (var scene in Some.Many(1500))
            foreach (var question in SceneQuestions.For(scene))
            {
                kinds.Add(question.Kind);
                Answers(scene, question.Question).Should().Equal([question.Answer], $"of '{question.Question}' about {SceneCaptions.Write(scene, CaptionStyle.List)}");
                question.Answer.Split(' ').Length.Should().BeInRange(1, 4);
            }
        kinds.Should().BeEquivalentTo(Enum.GetValues<QuestionKind>());
    }

    [Fact]
    public void For_EveryScene_AsksNothingTwice()
    {
        foreach (var scene in Some.Many(500))
            SceneQuestions.For(scene).Select(q => q.Question).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Draw_WithASeed_IsRepeatableAndAmongAll()
    {
        var scene = SceneGenerator.Generate(SceneSplit.Train, 6);
        SceneQuestions.Draw(scene, 5, 6).Should().Equal(SceneQuestions.Draw(scene, 5, 6)).And.HaveCount(6).And.BeSubsetOf(SceneQuestions.For(scene));
        SceneQuestions.Draw(scene, 5, 6).Should().NotEqual(SceneQuestions.Draw(scene, 6, 6));
        SceneQuestions.Draw(scene, 5, 1000).Should().BeEquivalentTo(SceneQuestions.For(scene));
    }

    [Fact]
    public void Draw_OverManyScenes_MakesGuessingUseless()
    {
        var drawn = Some.Many(4000).SelectMany((scene, i) => SceneQuestions.Draw(scene, (ulong)i, 4)).ToList();
        foreach (var kind in (QuestionKind[])[QuestionKind.IsThere, QuestionKind.Relation])
            Share(kind, "yes").Should().BeInRange(0.46, 0.54, kind.ToString());
        foreach (var kind in (QuestionKind[])[QuestionKind.LeftOf, QuestionKind.RightOf, QuestionKind.Above, QuestionKind.Below])
            Share(kind, "nothing").Should().BeInRange(0.35, 0.60, kind.ToString());
        foreach (var colour in SceneWords.Colours)
            Share(QuestionKind.ColourOf, colour).Should().BeInRange(0.06, 0.12);
        foreach (var shape in SceneWords.Shapes)
            Share(QuestionKind.ShapeOf, shape).Should().BeInRange(0.07, 0.13);
        Share(QuestionKind.HowMany, "one").Should().BeLessThan(0.52);
        Enum.GetValues<QuestionKind>().Should().OnlyContain(kind => drawn.Count(q => q.Kind == kind) > drawn.Count / 20);

        double Share(QuestionKind kind, string answer) => drawn.Where(q => q.Kind == kind).Average(q => q.Answer == answer ? 1.0 : 0.0);
    }

    [Fact]
    public void For_IsThere_MostlyDeniesWhatTheColoursAndShapesSuggest()
    {
        // A "no" that shares neither colour nor shape with the picture would be told without looking at pairs.
        var hard = Some.Many(1000).SelectMany(scene => SceneQuestions.For(scene).Where(q => q is { Kind: QuestionKind.IsThere, Answer: "no" })
            .Select(q => scene.Objects.Any(o => q.Question.Contains(SceneWords.Of(o.Colour)) || q.Question.Contains(SceneWords.Of(o.Shape))))).ToList();
        hard.Should().NotBeEmpty().And.OnlyContain(shares => shares);
    }

    /// <summary>Answers a question from its words alone, apart from the code that asked it: every answer that could be meant.</summary>
    private static string[] Answers(Scene scene, string question)
    {
        if (Match(@"^What color is the (.+)\?$") is { } colour)
            return [.. Named(colour[1]).Select(o => Word(o.Colour)).Distinct()];
        if (Match(@"^What shape is the (.+) object\?$") is { } shape)
            return [.. Named(shape[1]).Select(o => Word(o.Shape)).Distinct()];
        if (question == "How many objects are there?")
            return [Number(scene.Objects.Count)];
        if (Match(@"^How many (.+) are there\?$") is { } many)
            return [Number(Named(many[1] == "crosses" ? "cross" : many[1].Replace(" objects", "").TrimEnd('s')).Length)];
        if (Match(@"^Is there an? (.+)\?$") is { } there)
            return [Named(there[1]).Length > 0 ? "yes" : "no"];
        if (Match(@"^What is (left of|right of|above|below) the (.+)\?$") is { } where)
        {
            var anchor = Named(where[2]).Single();
            var found = scene.Objects.Where(o => o != anchor && Lies(o, where[1], anchor)).ToList();
            return found.Count == 0 ? ["nothing"] : [.. found.Select(Shortest)];
        }
        if (Match(@"^Is the (.+) (left of|right of|above|below) the (.+)\?$") is { } relation)
            return [Lies(Named(relation[1]).Single(), relation[2], Named(relation[3]).Single()) ? "yes" : "no"];
        return [];

        string[]? Match(string pattern) => Regex.Match(question, pattern) is { Success: true } m ? [.. m.Groups.Values.Select(g => g.Value)] : null;
        SceneObject[] Named(string words) => [.. scene.Objects.Where(o => words.Split(' ').All(w => w == Word(o.Size) || w == Word(o.Colour) || w == Word(o.Shape)))];
        string Shortest(SceneObject o)
        {
            var name = $"{Word(o.Colour)} {Word(o.Shape)}";
            name = Named(name).Length == 1 ? name : $"{Word(o.Size)} {name}";
            return (name[0] == 'o' ? "an " : "a ") + name;
        }
    }

    private static bool Lies(SceneObject a, string side, SceneObject b) => side switch
    {
        "left of" => b.X - a.X > 0.05,
        "right of" => a.X - b.X > 0.05,
        "above" => b.Y - a.Y > 0.1,
        _ => a.Y - b.Y > 0.1,
    };

    private static string Word(Enum value) => value.ToString().ToLowerInvariant();

    private static string Number(int n) => ((string[])["zero", "one", "two", "three", "four"])[n];
}
