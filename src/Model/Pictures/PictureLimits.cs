namespace Dpvr.Model.Pictures;

/// <summary>How much one picture may cost; checked from its header, before any pixel is decoded.</summary>
public sealed record PictureLimits
{
    /// <summary>The limits used where none are given.</summary>
    public static PictureLimits Default { get; } = new();

    /// <summary>Largest width and largest height in pixels. Default: 65,500.</summary>
    public int MaxSide { get; init; } = 65_500;

    /// <summary>Largest width × height; a decoded picture takes three bytes a pixel. At most 500,000,000. Default: 100,000,000.</summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>Most frames or pages in a file (only the first is decoded). Default: 1,000.</summary>
    public int MaxFrames { get; init; } = 1_000;

    /// <summary>Most bytes that one compressed metadata chunk may unpack to. Default: 16 MiB.</summary>
    public int MaxMetadataBytes { get; init; } = 16 << 20;

    /// <summary>Ignore the EXIF orientation and return the pixels as stored. Default: false.</summary>
    public bool IgnoreOrientation { get; init; }
}
