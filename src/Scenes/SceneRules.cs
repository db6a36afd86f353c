namespace Dpvr.Scenes;

/// <summary>What every generated scene obeys, so that captions and answers are never a matter of taste. Canvas units.</summary>
public static class SceneRules
{
    /// <summary>Most objects in a scene.</summary>
    public const int MaxObjects = 4;

    /// <summary>Least horizontal distance of any two centres: the order from left to right is always clear.</summary>
    public const double MinGapX = 0.06;

    /// <summary>Two centres whose heights differ by no more than this are level…</summary>
    public const double LevelY = 0.07;

    /// <summary>…and by at least this: one is above the other. Nothing lies in between.</summary>
    public const double ClearY = 0.14;

    /// <summary>Least free space between the circles around two objects, and between an object and the edge.</summary>
    public const double Margin = 0.015;

    /// <summary>Whether <paramref name="a"/> is clearly above <paramref name="b"/>.</summary>
    public static bool IsAbove(SceneObject a, SceneObject b) => b.Y - a.Y >= ClearY;

    /// <summary>Whether <paramref name="a"/> is left of <paramref name="b"/>.</summary>
    public static bool IsLeft(SceneObject a, SceneObject b) => a.X < b.X;

    internal static (double Low, double High) Radii(ObjectSize size) => size == ObjectSize.Small ? (0.085, 0.105) : (0.150, 0.180);
}
