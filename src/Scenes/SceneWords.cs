namespace Dpvr.Scenes;

/// <summary>Every word a caption or an answer can hold, in the order of the enums.</summary>
public static class SceneWords
{
    private static readonly string[] Numbers = ["zero", "one", "two", "three", "four"];

    /// <summary>Words of <see cref="Shape"/>.</summary>
    public static IReadOnlyList<string> Shapes { get; } = Lower<Shape>();

    /// <summary>Words of <see cref="Colour"/>.</summary>
    public static IReadOnlyList<string> Colours { get; } = Lower<Colour>();

    /// <summary>Words of <see cref="ObjectSize"/>.</summary>
    public static IReadOnlyList<string> Sizes { get; } = Lower<ObjectSize>();

    /// <summary>Words of <see cref="BackgroundPattern"/>.</summary>
    public static IReadOnlyList<string> Patterns { get; } = Lower<BackgroundPattern>();

    /// <summary>Words of <see cref="BackgroundColour"/>.</summary>
    public static IReadOnlyList<string> BackgroundColours { get; } = Lower<BackgroundColour>();

    /// <summary>"circle".</summary>
    public static string Of(Shape shape) => Shapes[(int)shape];

    /// <summary>"red".</summary>
    public static string Of(Colour colour) => Colours[(int)colour];

    /// <summary>"small".</summary>
    public static string Of(ObjectSize size) => Sizes[(int)size];

    /// <summary>"circles".</summary>
    public static string Plural(Shape shape) => shape == Shape.Cross ? "crosses" : Of(shape) + "s";

    /// <summary>"small red circle".</summary>
    public static string Full(SceneObject o) => $"{Of(o.Size)} {Of(o.Colour)} {Of(o.Shape)}";

    /// <summary>"plain gray".</summary>
    public static string Of(Background background) =>
        $"{Patterns[(int)background.Pattern]} {BackgroundColours[(int)background.Colour]}";

    /// <summary>"three", for 0 to 4.</summary>
    public static string Number(int number) => Numbers[number];

    /// <summary>The number a word names, or -1.</summary>
    public static int NumberOf(string word) => Array.IndexOf(Numbers, word);

    /// <summary>"an orange circle".</summary>
    public static string WithArticle(string words) => (words[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an " : "a ") + words;

    /// <summary>The shortest of "red circle" and "small red circle" that names one object of the scene only.</summary>
    public static string Name(Scene scene, SceneObject o) =>
        scene.Objects.Count(other => other.Colour == o.Colour && other.Shape == o.Shape) == 1 ? $"{Of(o.Colour)} {Of(o.Shape)}" : Full(o);

    private static string[] Lower<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())];
}
