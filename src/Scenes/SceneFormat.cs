namespace Dpvr.Scenes;

/// <summary>File format of written pictures.</summary>
public enum SceneFormat
{
    Png,
    Jpeg,

    /// <summary>PNG for even indices, JPEG for odd ones.</summary>
    Alternate,
}
