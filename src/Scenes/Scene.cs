namespace Dpvr.Scenes;

/// <summary>One to four objects on a background: the ground truth of a picture.</summary>
/// <param name="Split">The split it belongs to.</param>
/// <param name="Index">Its number within the split, from 0.</param>
/// <param name="Background">What the objects lie on.</param>
/// <param name="Objects">Sorted from left to right; neighbours are at least <see cref="SceneRules.MinGapX"/> apart.</param>
public sealed record Scene(SceneSplit Split, long Index, Background Background, IReadOnlyList<SceneObject> Objects);
