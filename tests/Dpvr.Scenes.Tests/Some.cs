namespace Dpvr.Scenes.Tests;

/// <summary>Scenes that several tests use.</summary>
internal static class Some
{
    public static Background Ground(BackgroundPattern pattern = BackgroundPattern.Plain, BackgroundColour colour = BackgroundColour.Gray) =>
        new(pattern, colour, 0, 0.2, 0, 0, 1);

    public static SceneObject Object(Shape shape, Colour colour, ObjectSize size, double x, double y) =>
        new(shape, colour, size, x, y, size == ObjectSize.Small ? 0.1 : 0.17, 0);

    /// <summary>A small red circle high on the left, a large blue square in the middle, level with a large green star on the right.</summary>
    public static Scene Three { get; } = new(SceneSplit.Test, 7, Ground(),
    [
        Object(Shape.Circle, Colour.Red, ObjectSize.Small, 0.2, 0.2),
        Object(Shape.Square, Colour.Blue, ObjectSize.Large, 0.5, 0.6),
        Object(Shape.Star, Colour.Green, ObjectSize.Large, 0.8, 0.65),
    ]);

    public static IEnumerable<Scene> Many(int count, SceneSplit split = SceneSplit.Train) =>
        Enumerable.Range(0, count).Select(i => SceneGenerator.Generate(split, i));
}
