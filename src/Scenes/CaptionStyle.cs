namespace Dpvr.Scenes;

/// <summary>How a caption is written; each style has prompts of its own (<see cref="SceneCaptions"/>).</summary>
public enum CaptionStyle
{
    /// <summary>One sentence: the objects from left to right and the background.</summary>
    Short,

    /// <summary>The number of objects, the list from left to right, and up to two relations.</summary>
    Detailed,

    /// <summary>Objects only, separated by semicolons.</summary>
    List,
}
