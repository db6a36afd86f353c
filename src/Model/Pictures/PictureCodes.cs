namespace Dpvr.Model.Pictures;

/// <summary>The error codes of a picture that could not be read; they are part of the output format.</summary>
public static class PictureCodes
{
    /// <summary>Zero bytes.</summary>
    public const string Empty = "empty";

    /// <summary>Not a picture, or of a kind that is not read (HTML, SVG, PDF, HEIC, floating-point TIFF, …).</summary>
    public const string UnsupportedFormat = "unsupported_format";

    /// <summary>A known format whose data ends early or is damaged. Never filled up with grey.</summary>
    public const string DecodeError = "decode_error";

    /// <summary>Width or height is zero, or width, height or their product exceeds <see cref="PictureLimits"/>.</summary>
    public const string ImageDimensions = "image_dimensions";

    /// <summary>Too many frames, or metadata that unpacks to more than <see cref="PictureLimits"/> allows.</summary>
    public const string DecodeLimit = "decode_limit";
}
