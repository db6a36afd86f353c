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
        PictureSniffer.Jpeg => ReadJpeg(bytes),
        PictureSniffer.Tiff => ReadTiff(bytes),
        _ => null,
    };

    /// <summary>What is wrong with a size; null when nothing is.</summary>
    internal static PictureFailure? CheckSize(long width, long height, PictureLimits limits)
    {
        if (width <= 0 || height <= 0)
            return new PictureFailure(PictureCodes.ImageDimensions, $"The picture has no pixels: it says that it is {width} × {height}.");
        return width > limits.MaxSide || height > limits.MaxSide || width * height > limits.MaxPixels
            ? new PictureFailure(PictureCodes.ImageDimensions, string.Create(CultureInfo.InvariantCulture,
                $"The picture is {width} × {height}; allowed are {limits.MaxSide:N0} pixels a side and {limits.MaxPixels:N0} in all."))
            : null;
    }

    /// <summary>The first frame header (ITU-T T.81, B.2.2).</summary>
    private static (long Width, long Height)? ReadJpeg(ReadOnlySpan<byte> bytes)
    {
        for (var at = 2; at + 9 <= bytes.Length;)
        {
            if (bytes[at] != 0xFF) { at++; continue; }
            var marker = bytes[at + 1];
            if (marker is 0xFF) { at++; continue; }
            if (marker is 0 or 1 or (>= 0xD0 and <= 0xD8)) { at += 2; continue; }
            if (marker is 0xD9 or 0xDA) return null;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return (BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]));
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }
        return null;
    }

    /// <summary>ImageWidth (256) and ImageLength (257) of the first directory (TIFF 6.0, section 2).</summary>
    private static (long Width, long Height)? ReadTiff(ReadOnlySpan<byte> bytes)
    {
        var little = bytes[0] == 'I';
        if (bytes.Length < 8 || Short(bytes, 2, little) != 42) return null;
        long directory = Long(bytes, 4, little);
        if (directory + 2 > bytes.Length) return null;

        long? width = null, height = null;
        var entries = Short(bytes, (int)directory, little);
        for (var i = 0; i < entries; i++)
        {
            var at = directory + 2 + i * 12L;
            if (at + 12 > bytes.Length) break;
            var entry = bytes.Slice((int)at, 12);
            long value = Short(entry, 2, little) == 3 ? Short(entry, 8, little) : Long(entry, 8, little);
            if (Short(entry, 0, little) == 256) width = value;
            if (Short(entry, 0, little) == 257) height = value;
        }
        return width is { } w && height is { } h ? (w, h) : null;

        static int Short(ReadOnlySpan<byte> from, int at, bool little) =>
            little ? BinaryPrimitives.ReadUInt16LittleEndian(from[at..]) : BinaryPrimitives.ReadUInt16BigEndian(from[at..]);

        static uint Long(ReadOnlySpan<byte> from, int at, bool little) =>
            little ? BinaryPrimitives.ReadUInt32LittleEndian(from[at..]) : BinaryPrimitives.ReadUInt32BigEndian(from[at..]);
    }
}
