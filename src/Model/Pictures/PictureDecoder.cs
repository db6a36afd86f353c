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
    public static PictureResult Decode(ReadOnlyMemory<byte> bytes, PictureLimits? limits = null) => Decode(bytes, limits, side: null);

    /// <summary>
    /// The same for people to look at: a JPEG, whose blocks can be decoded at a half, a quarter or an eighth of their size, comes as small as it can be with a longer side of
    /// <paramref name="side"/> pixels or more. A photograph costs a tenth of the time then. What is refused by <see cref="Decode(ReadOnlyMemory{byte}, PictureLimits?)"/> is refused here.
    /// </summary>
    public static PictureResult DecodeSmall(ReadOnlyMemory<byte> bytes, int side, PictureLimits? limits = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        return Decode(bytes, limits, side);
    }

    private static PictureResult Decode(ReadOnlyMemory<byte> bytes, PictureLimits? limits, int? side)
    {
        limits ??= PictureLimits.Default;
        if (bytes.IsEmpty) return new PictureFailure(PictureCodes.Empty, "The file has no bytes.");

        var format = PictureSniffer.Sniff(bytes.Span);
        if (format is null || !PictureSniffer.Readable.Contains(format)) return Unsupported(format);
        var size = PictureHeader.ReadSize(format, bytes.Span);
        if (size is var (width, height) && PictureHeader.CheckSize(width, height, limits) is { } failure) return failure;

        return format switch
        {
            PictureSniffer.Bmp => BmpReader.Read(bytes.Span, limits),
            PictureSniffer.Png when PngStructure.Check(bytes, limits) is { } damage => damage,
            PictureSniffer.Gif when GifStructure.CountFrames(bytes.Span, limits.MaxFrames) > limits.MaxFrames => TooManyFrames(format, limits),
            PictureSniffer.Jpeg when size is { } full && side is { } wanted => VipsReader.Read(format, bytes, limits, Shrink(Math.Max(full.Width, full.Height), wanted)),
            PictureSniffer.Jpeg => SmallJpeg.TryRead(bytes.Span, limits) ?? VipsReader.Read(format, bytes, limits),
            _ => VipsReader.Read(format, bytes, limits),
        };
    }

    private static int Shrink(long longer, int side) => longer / 8 >= side ? 8 : longer / 4 >= side ? 4 : longer / 2 >= side ? 2 : 1;

    internal static PictureFailure TooManyFrames(string format, PictureLimits limits) => new(PictureCodes.DecodeLimit,
        string.Create(CultureInfo.InvariantCulture, $"The {format} has more than {limits.MaxFrames:N0} frames."));

    private static PictureFailure Unsupported(string? sniffed) => new(PictureCodes.UnsupportedFormat,
        $"The content is {sniffed ?? "no known kind of picture"}; {string.Join(", ", PictureSniffer.Readable)} are read.");
}
