using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Dpvr.Model.Pictures;

/// <summary>
/// Checks a PNG's chunks before it is decoded (PNG specification, section 5): decoders accept a bad CRC or a missing end
/// in some chunks and fill up, and some unpack compressed texts of any size.
/// </summary>
internal static class PngStructure
{
    private const int SignatureLength = 8, ChunkOverhead = 12;

    /// <summary>What is wrong; null when nothing is.</summary>
    internal static PictureFailure? Check(ReadOnlyMemory<byte> png, PictureLimits limits)
    {
        var bytes = png.Span;
        var unpacked = 0L;
        for (var at = SignatureLength; at + ChunkOverhead <= bytes.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            var type = bytes.Slice(at + 4, 4);
            if (length > bytes.Length - at - ChunkOverhead) return Truncated();

            var end = at + 8 + (int)length;
            if (Crc32.HashToUInt32(bytes[(at + 4)..end]) != BinaryPrimitives.ReadUInt32BigEndian(bytes[end..]))
                return new PictureFailure(PictureCodes.DecodeError, $"The PNG is damaged: the checksum of its {Name(type)} chunk does not match.");
            if (type.SequenceEqual("IEND"u8)) return null;

            if (type.SequenceEqual("zTXt"u8) || type.SequenceEqual("iTXt"u8) || type.SequenceEqual("iCCP"u8))
            {
                unpacked += UnpackedLength(png[(at + 8)..end], Name(type), limits.MaxMetadataBytes - unpacked);
                if (unpacked > limits.MaxMetadataBytes)
                    return new PictureFailure(PictureCodes.DecodeLimit, string.Create(CultureInfo.InvariantCulture, $"The PNG's {Name(type)} chunk unpacks to more than {limits.MaxMetadataBytes:N0} bytes."));
            }
            at = end + 4;
        }
        return Truncated();

        static PictureFailure Truncated() => new(PictureCodes.DecodeError, "The PNG ends early.");
    }

    /// <summary>Length of a compressed chunk's text, counted no further than just above <paramref name="limit"/>; 0 when it is not compressed or damaged.</summary>
    private static long UnpackedLength(ReadOnlyMemory<byte> chunk, string type, long limit)
    {
        var keyword = chunk.Span.IndexOf((byte)0);
        if (keyword < 0) return 0;
        var start = keyword + 2; // zTXt, iCCP: keyword, 0, compression method, data
        if (type == "iTXt")
        {
            if (chunk.Length < keyword + 3 || chunk.Span[keyword + 1] == 0) return 0; // not compressed
            var language = chunk.Span[(keyword + 3)..].IndexOf((byte)0);
            if (language < 0) return 0;
            var translated = chunk.Span[(keyword + 4 + language)..].IndexOf((byte)0);
            if (translated < 0) return 0;
            start = keyword + 5 + language + translated;
        }
        if (start >= chunk.Length) return 0;

        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            using var inflated = new ZLibStream(new MemoryStream(chunk[start..].ToArray()), CompressionMode.Decompress);
            var total = 0L;
            while (total <= limit && inflated.Read(buffer) is > 0 and var read) total += read;
            return total;
        }
        catch (InvalidDataException)
        {
            return 0; // a damaged text or colour profile leaves the pixels whole
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // A chunk's name comes from the file: only letters reach a message.
    private static string Name(ReadOnlySpan<byte> type)
    {
        var name = Encoding.ASCII.GetString(type);
        return name.All(char.IsAsciiLetter) ? name : "unnamed";
    }
}
