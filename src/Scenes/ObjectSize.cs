namespace Dpvr.Scenes;

/// <summary>Two sizes with a wide gap between them: diameters 0.17 to 0.21 and 0.30 to 0.36 of the canvas.</summary>
public enum ObjectSize
{
    Small,
    Large,
}
