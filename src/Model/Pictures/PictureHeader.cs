using System.Buffers.Binary;
using System.Globalization;

namespace Dpvr.Model.Pictures;

/// <summary>
/// Reads width and height, and no more, where decoders would answer a strange size with an error that does not say so.
/// Damaged headers give null: the decoder has the last word on them.
/// </summary>
internal static class PictureHeader
{
    /// <summary>Stored width and height, before any rotation; null where the header does not tell.</summary>
    internal static (long Width, long Height)? ReadSize(string format, ReadOnlySpan<byte> bytes) => format switch
    {
        PictureSniffer.Png when bytes.Length >= 24 => (BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[20..])),
        PictureSniffer.Gif when bytes.Length >= 10 => (BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])),
        PictureSniffer.Jpeg => ReadJpegFrame(bytes) is var (width, height, _) ? (width, height) : null,
        PictureSniffer.Tiff => TiffStructure.Read(bytes) is { Width: { } width, Height: { } height } ? (width, height) : null,
        _ => null,
    };

    // Four samples a pixel must fit one array, whatever limit was set.
    private const long MostPixels = 500_000_000;

    /// <summary>What is wrong with a size; null when nothing is.</summary>
    internal static PictureFailure? CheckSize(long width, long height, PictureLimits limits)
    {
        if (width <= 0 || height <= 0)
            return new PictureFailure(PictureCodes.ImageDimensions, $"The picture has no pixels: it says that it is {width} × {height}.");
        var pixels = Math.Min(limits.MaxPixels, MostPixels);
        return width > limits.MaxSide || height > limits.MaxSide || width * height > pixels
            ? new PictureFailure(PictureCodes.ImageDimensions, string.Create(CultureInfo.InvariantCulture,
                $"The picture is {width} × {height}; allowed are {limits.MaxSide:N0} pixels a side and {pixels:N0} in all."))
            : null;
    }

    /// <summary>The first frame header (ITU-T T.81, B.2.2).</summary>
    internal static (int Width, int Height, int Components)? ReadJpegFrame(ReadOnlySpan<byte> bytes)
    {
        for (var at = 2; at + 10 <= bytes.Length;)
        {
            if (bytes[at] != 0xFF) { at++; continue; }
            var marker = bytes[at + 1];
            if (marker is 0xFF) { at++; continue; }
            if (marker is 0 or 1 or (>= 0xD0 and <= 0xD8)) { at += 2; continue; }
            if (marker is 0xD9 or 0xDA) return null;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return (BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]), bytes[at + 9]);
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }
        return null;
    }
}
