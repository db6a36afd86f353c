namespace Dpvr.Scenes;

/// <summary>Compares captions and answers with the ground truth, fact by fact.</summary>
public static class SceneScoring
{
    /// <summary>All facts of a scene: the number of objects; size, colour and shape of each from the left; pattern and colour of the background.</summary>
    public static IReadOnlyList<SceneFact> FactsOf(Scene scene)
    {
        var facts = new List<SceneFact> { new("count", -1, SceneWords.Number(scene.Objects.Count)) };
        for (var i = 0; i < scene.Objects.Count; i++)
        {
            facts.Add(new("size", i, SceneWords.Of(scene.Objects[i].Size)));
            facts.Add(new("colour", i, SceneWords.Of(scene.Objects[i].Colour)));
            facts.Add(new("shape", i, SceneWords.Of(scene.Objects[i].Shape)));
        }
        facts.Add(new("pattern", -1, SceneWords.Patterns[(int)scene.Background.Pattern]));
        facts.Add(new("background", -1, SceneWords.BackgroundColours[(int)scene.Background.Colour]));
        return facts;
    }

    /// <summary>
    /// Counts the facts a caption gets right. Expected: every object's size, colour and shape at its place from the left, the number of
    /// objects (as listed, and as stated), and the background's two facts in the short style. An object too many is three wrong facts;
    /// each stated relation is one more fact.
    /// </summary>
    /// <param name="scene">The ground truth.</param>
    /// <param name="caption">A caption of any style.</param>
    /// <param name="style">The style that was asked for; without it, the background counts only where the caption speaks of one.</param>
    public static CaptionScore ScoreCaption(Scene scene, string caption, CaptionStyle? style = null)
    {
        var facts = CheckCaption(scene, caption, style);
        return new CaptionScore(facts.Count(f => f.IsRight), facts.Count);
    }

    /// <summary>The facts that <see cref="ScoreCaption"/> counts, one by one.</summary>
    public static IReadOnlyList<CaptionFact> CheckCaption(Scene scene, string caption, CaptionStyle? style = null)
    {
        var claim = CaptionParser.Parse(caption);
        var facts = new List<CaptionFact>();
        var (objects, truth) = (claim.Objects, scene.Objects);
        Check(CaptionFactKind.Number, objects.Count == truth.Count && (claim.StatedCount ?? truth.Count) == truth.Count);
        for (var i = 0; i < Math.Max(objects.Count, truth.Count); i++)
        {
            var both = i < objects.Count && i < truth.Count;
            Check(CaptionFactKind.Size, both && objects[i].Size == SceneWords.Of(truth[i].Size));
            Check(CaptionFactKind.Colour, both && objects[i].Colour == SceneWords.Of(truth[i].Colour));
            Check(CaptionFactKind.Shape, both && objects[i].Shape == SceneWords.Of(truth[i].Shape));
        }
        if (style == CaptionStyle.Short || claim.Pattern != null)
        {
            Check(CaptionFactKind.Background, claim.Pattern == SceneWords.Patterns[(int)scene.Background.Pattern]);
            Check(CaptionFactKind.Background, claim.Background == SceneWords.BackgroundColours[(int)scene.Background.Colour]);
        }
        foreach (var (first, side, second) in claim.Relations)
            Check(CaptionFactKind.Relation, Find(scene, first) is { } a && Find(scene, second) is { } b && Holds(a, side, b));
        return facts;

        void Check(CaptionFactKind kind, bool isRight) => facts.Add(new CaptionFact(kind, isRight));
    }

    /// <summary>Whether an answer equals the right one, apart from case, outer white space and a closing full stop.</summary>
    public static bool ScoreAnswer(SceneQuestion question, string answer) =>
        answer.Trim().TrimEnd('.').TrimEnd().Equals(question.Answer, StringComparison.OrdinalIgnoreCase);

    private static bool Holds(SceneObject a, string side, SceneObject b) => side switch
    {
        "above" => SceneRules.IsAbove(a, b),
        "below" => SceneRules.IsAbove(b, a),
        "left of" => SceneRules.IsLeft(a, b),
        "right of" => SceneRules.IsLeft(b, a),
        _ => false,
    };

    /// <summary>The one object that all words fit, or null.</summary>
    private static SceneObject? Find(Scene scene, string[] words)
    {
        var found = scene.Objects.Where(o =>
            words.Length > 0 && words.All(word => word == SceneWords.Of(o.Size) || word == SceneWords.Of(o.Colour) || word == SceneWords.Of(o.Shape))).ToList();
        return found.Count == 1 ? found[0] : null;
    }
}
