namespace Dpvr.Scenes;

/// <summary>Object colours. Gray is left to backgrounds, so that an object is never the colour of what it lies on.</summary>
public enum Colour
{
    Red,
    Green,
    Blue,
    Yellow,
    Orange,
    Purple,
    Pink,
    Brown,
    Black,
    White,
    Cyan,
}
