namespace Dpvr.Scenes;

/// <summary>The background of a scene.</summary>
/// <param name="Pattern">The pattern, named in captions.</param>
/// <param name="Colour">The colour, named in captions.</param>
/// <param name="Angle">Direction of gradients and stripes, radians.</param>
/// <param name="Period">Width of a stripe pair, a pair of checks or a speckle cell, in canvas units.</param>
/// <param name="Phase">Offset of the pattern, 0..1 of its period.</param>
/// <param name="Noise">Largest deviation of a pixel at 224 pixels a side, in 8-bit levels; smaller pictures average it away in proportion.</param>
/// <param name="Seed">Seed of speckles and noise.</param>
public sealed record Background(
    BackgroundPattern Pattern, BackgroundColour Colour, double Angle, double Period, double Phase, double Noise, ulong Seed);
