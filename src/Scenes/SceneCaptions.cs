namespace Dpvr.Scenes;

/// <summary>True captions of scenes. The prompt decides the style, so the wording can be learned.</summary>
public static class SceneCaptions
{
    private const int MaxRelations = 2;

    private static readonly string[][] StylePrompts =
    [
        ["Describe the image.", "Describe this picture.", "What is in the image?"],
        ["Write a detailed caption.", "Describe the image in detail.", "Explain what you see and where it is."],
        ["List the objects.", "List everything in the picture.", "Name all objects from left to right."],
    ];

    /// <summary>All styles.</summary>
    public static IReadOnlyList<CaptionStyle> Styles { get; } = Enum.GetValues<CaptionStyle>();

    /// <summary>The prompts that ask for a style; the first is the usual one.</summary>
    public static IReadOnlyList<string> Prompts(CaptionStyle style) => StylePrompts[(int)style];

    /// <summary>The style a prompt asks for, or null where it is no caption prompt.</summary>
    public static CaptionStyle? StyleOf(string prompt)
    {
        var style = Array.FindIndex(StylePrompts, prompts => prompts.Contains(prompt.Trim(), StringComparer.OrdinalIgnoreCase));
        return style < 0 ? null : (CaptionStyle)style;
    }

    /// <summary>The true answer to a caption prompt.</summary>
    /// <exception cref="ArgumentException">The prompt is none of <see cref="Prompts"/>.</exception>
    public static string For(Scene scene, string prompt) =>
        Write(scene, StyleOf(prompt) ?? throw new ArgumentException($"'{prompt}' is no caption prompt.", nameof(prompt)));

    /// <summary>The true caption in a style.</summary>
    public static string Write(Scene scene, CaptionStyle style)
    {
        var objects = scene.Objects;
        switch (style)
        {
            case CaptionStyle.Short:
                var listed = objects.Select(o => "a " + SceneWords.Full(o)).ToArray();
                var sentence = listed.Length == 1 ? listed[0] : string.Join(", ", listed[..^1]) + " and " + listed[^1];
                return $"A{sentence[1..]} on a {SceneWords.Of(scene.Background)} background.";
            case CaptionStyle.Detailed when objects.Count == 1:
                return $"There is one object: a {SceneWords.Full(objects[0])}.";
            case CaptionStyle.Detailed:
                return $"There are {SceneWords.Number(objects.Count)} objects. From left to right: "
                    + string.Join(", ", objects.Select(o => "a " + SceneWords.Full(o))) + "."
                    + string.Concat(Relations(scene).Select(r =>
                        $" The {SceneWords.Name(scene, r.First)} is {(r.Above ? "above" : "below")} the {SceneWords.Name(scene, r.Second)}."));
            default:
                return string.Join("; ", objects.Select(SceneWords.Full));
        }
    }

    /// <summary>The relations a detailed caption states: the first two neighbours, from the left, that are not level.</summary>
    internal static IEnumerable<(SceneObject First, bool Above, SceneObject Second)> Relations(Scene scene) =>
        scene.Objects.Zip(scene.Objects.Skip(1))
            .Where(pair => SceneRules.IsAbove(pair.First, pair.Second) || SceneRules.IsAbove(pair.Second, pair.First))
            .Select(pair => (pair.First, SceneRules.IsAbove(pair.First, pair.Second), pair.Second))
            .Take(MaxRelations);
}
