namespace Dpvr.Scenes;

/// <summary>Questions whose answers follow from the picture alone. What could be read in two ways is not asked.</summary>
public static class SceneQuestions
{
    private const ulong NegativesSalt = 0x51A7E5, DrawSalt = 0xD4A3;
    private const double TotalFirst = 0.35;
    private const string Nothing = "nothing";
    private const string TotalQuestion = "How many objects are there?";

    /// <summary>All questions of a scene, in a fixed order; "yes" and "no" are equally many as far as the scene allows.</summary>
    public static IReadOnlyList<SceneQuestion> For(Scene scene)
    {
        var random = new SceneRandom(SceneRandom.Mix(SceneRandom.SeedOf(scene.Split, scene.Index)) ^ NegativesSalt);
        return
        [
            .. ColoursAndShapes(scene), .. Counts(scene, random), .. Presence(scene, random),
            .. Balanced(Directions(scene), random), .. Relations(scene, random),
        ];
    }

    /// <summary>
    /// Up to <paramref name="count"/> different questions in an order that <paramref name="seed"/> shuffles: kinds take turns,
    /// so that frequent kinds do not crowd out rare ones.
    /// </summary>
    public static IReadOnlyList<SceneQuestion> Draw(Scene scene, ulong seed, int count)
    {
        var random = new SceneRandom(SceneRandom.Mix(seed ^ DrawSalt) ^ SceneRandom.SeedOf(scene.Split, scene.Index));
        var all = For(scene).ToList();
        random.Shuffle(all);
        if (random.Chance(TotalFirst)) // else it would be one of half a dozen counting questions
            all = [.. all.OrderByDescending(q => q.Question == TotalQuestion)];
        var kinds = all.GroupBy(q => q.Kind).Select(g => g.ToList()).ToList();
        random.Shuffle(kinds);
        return [.. Enumerable.Range(0, all.Count).SelectMany(turn => kinds.Where(k => turn < k.Count).Select(k => k[turn])).Take(count)];
    }

    private static IEnumerable<SceneQuestion> ColoursAndShapes(Scene scene)
    {
        foreach (var o in scene.Objects)
        {
            string size = SceneWords.Of(o.Size), colour = SceneWords.Of(o.Colour), shape = SceneWords.Of(o.Shape);
            if (Count(scene, p => p.Shape == o.Shape) == 1)
                yield return new(QuestionKind.ColourOf, $"What color is the {shape}?", colour);
            else if (Count(scene, p => p.Shape == o.Shape && p.Size == o.Size) == 1)
                yield return new(QuestionKind.ColourOf, $"What color is the {size} {shape}?", colour);
            if (Count(scene, p => p.Colour == o.Colour) == 1)
                yield return new(QuestionKind.ShapeOf, $"What shape is the {colour} object?", shape);
            else if (Count(scene, p => p.Colour == o.Colour && p.Size == o.Size) == 1)
                yield return new(QuestionKind.ShapeOf, $"What shape is the {size} {colour} object?", shape);
        }
    }

    private static IEnumerable<SceneQuestion> Counts(Scene scene, SceneRandom random)
    {
        yield return new(QuestionKind.HowMany, TotalQuestion, SceneWords.Number(scene.Objects.Count));
        foreach (var colour in scene.Objects.Select(o => o.Colour).Append(Absent(random, SceneWords.Colours.Count, c => scene.Objects.Any(o => (int)o.Colour == c), c => (Colour)c)).Distinct())
            yield return new(QuestionKind.HowMany, $"How many {SceneWords.Of(colour)} objects are there?", SceneWords.Number(Count(scene, o => o.Colour == colour)));
        foreach (var shape in scene.Objects.Select(o => o.Shape).Append(Absent(random, SceneWords.Shapes.Count, s => scene.Objects.Any(o => (int)o.Shape == s), s => (Shape)s)).Distinct())
            yield return new(QuestionKind.HowMany, $"How many {SceneWords.Plural(shape)} are there?", SceneWords.Number(Count(scene, o => o.Shape == shape)));
    }

    /// <summary>One "no" for each "yes": mostly a colour and a shape of the picture that do not go together, else one of the two is changed.</summary>
    private static IEnumerable<SceneQuestion> Presence(Scene scene, SceneRandom random)
    {
        var there = scene.Objects.Select(o => (o.Colour, o.Shape)).Distinct().ToList();
        var asked = new HashSet<(Colour, Shape)>(there);
        var swapped = there.SelectMany(a => there.Select(b => (a.Colour, b.Shape))).Where(asked.Add).ToList();
        random.Shuffle(swapped);
        for (var i = 0; i < there.Count; i++)
        {
            yield return Ask(there[i], "yes");
            if (i < swapped.Count && i % 4 != 3)
            {
                yield return Ask(swapped[i], "no");
                continue;
            }
            (Colour, Shape) absent;
            do
                absent = random.Chance(0.5) ? (there[i].Colour, (Shape)random.Below(SceneWords.Shapes.Count)) : ((Colour)random.Below(SceneWords.Colours.Count), there[i].Shape);
            while (!asked.Add(absent));
            yield return Ask(absent, "no");
        }

        static SceneQuestion Ask((Colour Colour, Shape Shape) what, string answer) =>
            new(QuestionKind.IsThere, $"Is there {SceneWords.WithArticle($"{SceneWords.Of(what.Colour)} {SceneWords.Of(what.Shape)}")}?", answer);
    }

    /// <summary>Asked where one object or nothing lies on that side; with more, the answer would be a matter of taste.</summary>
    private static IEnumerable<SceneQuestion> Directions(Scene scene)
    {
        foreach (var o in scene.Objects)
            foreach (var (kind, words, lies) in Sides)
            {
                var found = scene.Objects.Where(p => p != o && lies(p, o)).ToList();
                if (scene.Objects.Count > 1 && found.Count <= 1)
                    yield return new(kind, $"What is {words} the {SceneWords.Name(scene, o)}?",
                        found.Count == 0 ? Nothing : SceneWords.WithArticle(SceneWords.Name(scene, found[0])));
            }
    }

    /// <summary>No more "nothing" than somethings to each side, so that guessing "nothing" does not pay.</summary>
    private static IEnumerable<SceneQuestion> Balanced(IEnumerable<SceneQuestion> directions, SceneRandom random)
    {
        foreach (var side in directions.ToList().GroupBy(q => q.Kind).OrderBy(g => g.Key))
        {
            var nothings = side.Where(q => q.Answer == Nothing).ToList();
            random.Shuffle(nothings);
            var dropped = nothings.Skip(side.Count() - nothings.Count).ToHashSet();
            foreach (var question in side.Where(q => !dropped.Contains(q)))
                yield return question;
        }
    }

    private static IEnumerable<SceneQuestion> Relations(Scene scene, SceneRandom random)
    {
        var turn = random.Below(2);
        for (var i = 0; i < scene.Objects.Count; i++)
            for (var j = i + 1; j < scene.Objects.Count; j++)
                for (var axis = 0; axis < 2; axis++)
                {
                    var (a, b) = random.Chance(0.5) ? (scene.Objects[i], scene.Objects[j]) : (scene.Objects[j], scene.Objects[i]);
                    var (first, second) = (Sides[2 * axis], Sides[2 * axis + 1]);
                    if (!first.Lies(a, b) && !second.Lies(a, b))
                        continue; // level
                    var yes = turn++ % 2 == 0;
                    var side = first.Lies(a, b) == yes ? first : second;
                    yield return new(QuestionKind.Relation, $"Is the {Shortest(scene, a)} {side.Words} the {Shortest(scene, b)}?", yes ? "yes" : "no");
                }
    }

    private static readonly (QuestionKind Kind, string Words, Func<SceneObject, SceneObject, bool> Lies)[] Sides =
    [
        (QuestionKind.LeftOf, "left of", SceneRules.IsLeft), (QuestionKind.RightOf, "right of", (a, b) => SceneRules.IsLeft(b, a)),
        (QuestionKind.Above, "above", SceneRules.IsAbove), (QuestionKind.Below, "below", (a, b) => SceneRules.IsAbove(b, a)),
    ];

    private static string Shortest(Scene scene, SceneObject o) =>
        Count(scene, p => p.Shape == o.Shape) == 1 ? SceneWords.Of(o.Shape) : SceneWords.Name(scene, o);

    private static int Count(Scene scene, Func<SceneObject, bool> which) => scene.Objects.Count(which);

    private static T Absent<T>(SceneRandom random, int count, Func<int, bool> isThere, Func<int, T> make)
    {
        int value;
        do
            value = random.Below(count);
        while (isThere(value));
        return make(value);
    }
}
