namespace Dpvr.Workers.Pictures;

/// <summary>A decoded and resized picture, ready for the vision tower.</summary>
public sealed record PreparedPicture
{
    /// <summary>SHA-256 of the file's bytes in lower-case hex: requests with the same one may share what is computed for the picture.</summary>
    public required string Sha256 { get; init; }

    /// <summary>(3, S, S), red, green, blue, normalised: the engine's own thread, which everybody waits for, only copies them.</summary>
    public required float[] Pixels { get; init; }

    /// <summary>S, the side of the square in pixels.</summary>
    public required int Side { get; init; }

    /// <summary>Width of the picture in pixels, as it is shown (EXIF orientation applied).</summary>
    public required int Width { get; init; }

    /// <summary>Height of the picture in pixels, as it is shown.</summary>
    public required int Height { get; init; }
}
