using System.Buffers.Binary;

namespace Dpvr.Model.Pictures;

/// <summary>What can be told of a TIFF from its first directory (TIFF 6.0, section 2); nothing of a BigTIFF, which is left to the decoder.</summary>
internal readonly record struct TiffStructure
{
    private const int ImageWidth = 256, ImageLength = 257, CompressionTag = 259, JpegCompression = 7, OldJpegCompression = 6;

    internal long? Width { get; private init; }

    internal long? Height { get; private init; }

    /// <summary>The pixels are JPEG data, with what follows for damaged ones (<see cref="JpegFill"/>).</summary>
    internal bool HoldsJpeg { get; private init; }

    internal static TiffStructure Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8) return default;
        var little = bytes[0] == 'I';
        if (Short(bytes[2..], little) != 42) return default;
        long directory = Long(bytes[4..], little);
        if (directory + 2 > bytes.Length) return default;

        var found = default(TiffStructure);
        var entries = Short(bytes[(int)directory..], little);
        for (var i = 0; i < entries; i++)
        {
            var at = directory + 2 + i * 12L; // tag, type, count, value
            if (at + 12 > bytes.Length) break;
            var entry = bytes.Slice((int)at, 12);
            long value = Short(entry[2..], little) == 3 ? Short(entry[8..], little) : Long(entry[8..], little);
            found = Short(entry, little) switch
            {
                ImageWidth => found with { Width = value },
                ImageLength => found with { Height = value },
                CompressionTag => found with { HoldsJpeg = value is JpegCompression or OldJpegCompression },
                _ => found,
            };
        }
        return found;
    }

    private static int Short(ReadOnlySpan<byte> from, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(from) : BinaryPrimitives.ReadUInt16BigEndian(from);

    private static uint Long(ReadOnlySpan<byte> from, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(from) : BinaryPrimitives.ReadUInt32BigEndian(from);
}
