using System.Globalization;

namespace Dpvr.Model.Pictures;

/// <summary>
/// Decodes JPEG, PNG, WebP, GIF (first frame), TIFF (first page), BMP and AVIF to 8-bit RGB. Safe to call from many threads
/// at once; one call uses one core.
/// </summary>
public static class PictureDecoder
{
    /// <summary>The formats that are read, by content, whatever a file is called.</summary>
    public static IReadOnlyList<string> Formats => PictureSniffer.Readable;

    /// <summary>
    /// Decodes one picture. Alpha is dropped, not composited (transparent pixels of a GIF are black); grey is replicated; 16-bit samples give their high byte; CMYK
    /// becomes (255 - C)(255 - K) / 255; colour profiles are ignored; the EXIF orientation is applied.
    /// </summary>
    /// <param name="bytes">A whole file.</param>
    /// <param name="limits">What is allowed. Default: <see cref="PictureLimits.Default"/>.</param>
    /// <returns>A <see cref="DecodedPicture"/>, or a <see cref="PictureFailure"/> with one of <see cref="PictureCodes"/>.</returns>
    public static PictureResult Decode(ReadOnlyMemory<byte> bytes, PictureLimits? limits = null)
    {
        limits ??= PictureLimits.Default;
        if (bytes.IsEmpty) return new PictureFailure(PictureCodes.Empty, "The file has no bytes.");

        var format = PictureSniffer.Sniff(bytes.Span);
        if (format is null || !PictureSniffer.Readable.Contains(format)) return Unsupported(format);
        if (PictureHeader.ReadSize(format, bytes.Span) is var (width, height) && PictureHeader.CheckSize(width, height, limits) is { } failure) return failure;

        return format switch
        {
            PictureSniffer.Bmp => BmpReader.Read(bytes.Span, limits),
            PictureSniffer.Png when PngStructure.Check(bytes, limits) is { } damage => damage,
            PictureSniffer.Gif when GifStructure.CountFrames(bytes.Span, limits.MaxFrames) > limits.MaxFrames => TooManyFrames(format, limits),
            _ => VipsReader.Read(format, bytes, limits),
        };
    }

    internal static PictureFailure TooManyFrames(string format, PictureLimits limits) => new(PictureCodes.DecodeLimit,
        string.Create(CultureInfo.InvariantCulture, $"The {format} has more than {limits.MaxFrames:N0} frames."));

    private static PictureFailure Unsupported(string? sniffed) => new(PictureCodes.UnsupportedFormat,
        $"The content is {sniffed ?? "no known kind of picture"}; {string.Join(", ", PictureSniffer.Readable)} are read.");
}
