namespace Dpvr.Scenes;

/// <summary>Muted colours that only backgrounds have.</summary>
public enum BackgroundColour
{
    Gray,
    Beige,
    Mint,
    Lavender,
    Sky,
    Slate,
}
