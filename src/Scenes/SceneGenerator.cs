namespace Dpvr.Scenes;

/// <summary>An endless, seeded supply of scenes: the same split and index give the same scene everywhere.</summary>
public static class SceneGenerator
{
    // Independent draws would repeat a shape or colour too rarely for counting and for references that need two words.
    private const double RepeatShape = 0.25, RepeatColour = 0.25;
    private const int Attempts = 60, Tries = 40;

    /// <summary>Makes the scene with this number.</summary>
    /// <param name="split">Splits share no seed.</param>
    /// <param name="index">0..2^62-1.</param>
    public static Scene Generate(SceneSplit split, long index)
    {
        var random = new SceneRandom(SceneRandom.SeedOf(split, index));
        var looks = DrawLooks(random, 1 + random.Below(SceneRules.MaxObjects));
        var background = DrawBackground(random, looks);
        return new Scene(split, index, background, Place(random, looks));
    }

    private static Look[] DrawLooks(SceneRandom random, int count)
    {
        var looks = new Look[count];
        for (var i = 0; i < count; i++)
        {
            do
            {
                var shape = i > 0 && random.Chance(RepeatShape) ? looks[random.Below(i)].Shape : (Shape)random.Below(SceneWords.Shapes.Count);
                var colour = i > 0 && random.Chance(RepeatColour) ? looks[random.Below(i)].Colour : (Colour)random.Below(SceneWords.Colours.Count);
                looks[i] = new Look(shape, colour, (ObjectSize)random.Below(2));
            }
            while (Array.IndexOf(looks, looks[i], 0, i) >= 0); // size, colour and shape together always name one object
        }
        return looks;
    }

    private static Background DrawBackground(SceneRandom random, Look[] looks)
    {
        BackgroundPattern pattern;
        BackgroundColour colour;
        do // ends: plain gray stands apart from every object colour
        {
            pattern = (BackgroundPattern)random.Below(SceneWords.Patterns.Count);
            colour = (BackgroundColour)random.Below(SceneWords.BackgroundColours.Count);
        }
        while (!looks.All(look => ScenePalette.StandsOut(look.Colour, pattern, colour)));
        var angle = pattern == BackgroundPattern.Striped ? random.Below(4) * Math.PI / 4 : random.Between(0, 2 * Math.PI);
        var period = pattern == BackgroundPattern.Speckled ? random.Between(0.06, 0.08) : random.Between(0.16, 0.26);
        return new Background(pattern, colour, angle, period, random.Unit(), random.Between(0.5, 2.5), random.Next());
    }

    private static SceneObject[] Place(SceneRandom random, Look[] looks)
    {
        // The largest first: small ones still find room when large ones lie, not the other way round.
        looks = [.. looks.OrderByDescending(look => look.Size)];
        while (true)
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
                if (TryPlace(random, looks) is { } placed)
                    return placed;
            // Four large ones hardly ever find room.
            var last = Array.FindLastIndex(looks, look => look.Size == ObjectSize.Large);
            var smaller = last < 0 ? default : looks[last] with { Size = ObjectSize.Small };
            if (last >= 0 && !looks.Contains(smaller))
                looks[last] = smaller;
        }
    }

    private static SceneObject[]? TryPlace(SceneRandom random, Look[] looks)
    {
        var placed = new SceneObject[looks.Length];
        for (var i = 0; i < looks.Length; i++)
        {
            var look = looks[i];
            var (low, high) = SceneRules.Radii(look.Size);
            var radius = random.Between(low, high);
            var turn = ShapeOutline.MaxRotation(look.Shape);
            var rotation = random.Between(-turn, turn);
            var edge = radius * ShapeOutline.Reach(look.Shape) + SceneRules.Margin;
            var found = false;
            for (var t = 0; t < Tries && !found; t++)
            {
                placed[i] = new SceneObject(
                    look.Shape, look.Colour, look.Size, random.Between(edge, 1 - edge), random.Between(edge, 1 - edge), radius, rotation);
                found = true;
                for (var j = 0; j < i && found; j++)
                    found = Fit(placed[i], placed[j]);
            }
            if (!found)
                return null;
        }
        Array.Sort(placed, (a, b) => a.X.CompareTo(b.X));
        return placed;
    }

    private static bool Fit(SceneObject a, SceneObject b)
    {
        double dx = Math.Abs(a.X - b.X), dy = Math.Abs(a.Y - b.Y);
        var apart = a.Radius * ShapeOutline.Reach(a.Shape) + b.Radius * ShapeOutline.Reach(b.Shape) + SceneRules.Margin;
        return dx >= SceneRules.MinGapX && dy is <= SceneRules.LevelY or >= SceneRules.ClearY && dx * dx + dy * dy >= apart * apart;
    }

    private readonly record struct Look(Shape Shape, Colour Colour, ObjectSize Size);
}
