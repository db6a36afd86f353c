namespace Dpvr.Scenes;

/// <summary>Shapes chosen to stay distinguishable at a diameter of about 20 pixels (so no hexagon beside the circle).</summary>
public enum Shape
{
    Circle,
    Square,
    Triangle,
    Star,
    Heart,
    Diamond,
    Cross,
    Ring,
    Crescent,
    Arrow,
}
