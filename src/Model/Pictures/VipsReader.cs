using System.Runtime.InteropServices;
using NetVips;

namespace Dpvr.Model.Pictures;

/// <summary>
/// Decodes with libvips. Each format goes to its own loader, never to one that libvips guesses. One thread a picture and
/// no operation cache: the pipeline runs over many pictures at once and never sees one twice.
/// </summary>
internal static class VipsReader
{
    // Held for the process's life: libvips keeps a pointer to it.
    private static readonly Log.LogDelegate Silent = (_, _, _) => { };

    static VipsReader()
    {
        if (!ModuleInitializer.VipsInitialized)
            throw new DllNotFoundException("libvips could not be loaded.", ModuleInitializer.Exception);
        NetVips.NetVips.Concurrency = 1;
        NetVips.NetVips.BlockUntrusted = true;
        Cache.Max = 0;
        // A picture's flaws are in its result; libvips would also print them to the error stream.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Info | Enums.LogLevelFlags.Message, Silent);
    }

    /// <param name="shrink">1, or 2, 4 or 8 for a JPEG of that part of its size.</param>
    internal static PictureResult Read(string format, ReadOnlyMemory<byte> bytes, PictureLimits limits, int shrink = 1)
    {
        try
        {
            using var image = Open(format, Whole(bytes), FailOn(format), shrink);
            var failure = PictureHeader.CheckSize(image.Width, image.Height, limits) ?? CheckFrames(image, format, limits) ?? CheckSamples(image, format);
            if (failure is not null) return failure;

            var picture = ReadPixels(image, format, limits);
            return JpegFill.Suspected(picture) && JpegFill.CanHappen(format, bytes.Span) && WarnsAbout(format, bytes)
                ? new PictureFailure(PictureCodes.DecodeError, $"The {format} data is damaged: part of the picture is missing.")
                : picture;
        }
        catch (VipsException)
        {
            // libvips keeps one error text for all threads, so its words may be about another picture: they are not passed on.
            return new PictureFailure(PictureCodes.DecodeError, $"The {format} data ends early or is damaged.");
        }
    }

    private static Image Open(string format, byte[] bytes, Enums.FailOn failOn, int shrink = 1)
    {
        const Enums.Access access = Enums.Access.Sequential;
        return format switch
        {
            PictureSniffer.Jpeg => Image.JpegloadBuffer(bytes, shrink: shrink, access: access, failOn: failOn),
            PictureSniffer.Png => Image.PngloadBuffer(bytes, access: access, failOn: failOn),
            PictureSniffer.WebP => Image.WebploadBuffer(bytes, access: access, failOn: failOn),
            PictureSniffer.Gif => Image.GifloadBuffer(bytes, access: access, failOn: failOn),
            PictureSniffer.Tiff => Image.TiffloadBuffer(bytes, access: access, failOn: failOn),
            PictureSniffer.Avif => Image.HeifloadBuffer(bytes, access: access, failOn: failOn),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format that libvips reads here."),
        };
    }

    // A TIFF whose JPEG tables are cut off is black unless errors count; elsewhere an end that comes early is what matters.
    private static Enums.FailOn FailOn(string format) => format == PictureSniffer.Tiff ? Enums.FailOn.Error : Enums.FailOn.Truncated;

    /// <summary>True when the decoder has any complaint. Many harmless files cause one, so this alone is no reason to refuse.</summary>
    private static bool WarnsAbout(string format, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var image = Open(format, Whole(bytes), Enums.FailOn.Warning);
            _ = image.WriteToMemory<byte>();
            return false;
        }
        catch (VipsException)
        {
            return true;
        }
    }

    private static PictureFailure? CheckFrames(Image image, string format, PictureLimits limits) =>
        image.Contains("n-pages") && image.Get("n-pages") is int pages && pages > limits.MaxFrames ? PictureDecoder.TooManyFrames(format, limits) : null;

    private static PictureFailure? CheckSamples(Image image, string format)
    {
        var known = image.Interpretation is Enums.Interpretation.Srgb or Enums.Interpretation.Rgb or Enums.Interpretation.Rgb16
            or Enums.Interpretation.Bw or Enums.Interpretation.Grey16 or Enums.Interpretation.Cmyk;
        // Floating point has no agreed range (and may hold NaN), 32 bits and complex numbers are measurements, not pictures.
        var samples = image.Format is Enums.BandFormat.Uchar or Enums.BandFormat.Ushort;
        return known && samples ? null : new PictureFailure(PictureCodes.UnsupportedFormat,
            $"A {format} with {image.Format.ToString().ToLowerInvariant()} samples of kind {image.Interpretation.ToString().ToLowerInvariant()} is not read; 8- and 16-bit grey, RGB and CMYK are.");
    }

    private static DecodedPicture ReadPixels(Image image, string format, PictureLimits limits)
    {
        // AVIF carries its orientation in boxes of its own, which the decoder has followed already.
        var turn = !limits.IgnoreOrientation && format != PictureSniffer.Avif && image.Contains("orientation") && image.Get("orientation") is > 1;
        using var stored = turn ? image.CopyMemory() : null; // sequential access cannot be turned
        using var upright = stored?.Autorot();
        var picture = upright ?? image;

        var samples = picture.Format == Enums.BandFormat.Ushort ? RgbPixels.HighBytes(picture.WriteToMemory<ushort>()) : picture.WriteToMemory<byte>();
        var rgb = picture.Interpretation == Enums.Interpretation.Cmyk && picture.Bands >= 4
            ? RgbPixels.FromCmyk(samples, picture.Bands)
            : RgbPixels.FromBands(samples, picture.Bands);
        return new DecodedPicture(rgb, picture.Width, picture.Height, format);
    }

    private static byte[] Whole(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : bytes.ToArray();
}
