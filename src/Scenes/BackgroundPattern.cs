namespace Dpvr.Scenes;

/// <summary>What the background looks like; every pattern mixes two shades of one colour.</summary>
public enum BackgroundPattern
{
    Plain,
    Gradient,
    Striped,
    Checkered,
    Speckled,
}
