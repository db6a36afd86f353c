using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using NetVips;

namespace Dpvr.Model.Tests.Pictures;

/// <summary>Makes picture files, good and bad, for the tests.</summary>
internal static class PictureFiles
{
    /// <summary>(height, width, 3): a gradient with some texture, in which no two neighbours are alike.</summary>
    internal static byte[] Pattern(int width, int height)
    {
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
        {
            int x = i % width, y = i / width;
            (rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2]) = ((byte)(x * 7 + y), (byte)(y * 5 + x * 3), (byte)(x * y + 31 * (x & 1)));
        }
        return rgb;
    }

    /// <summary>A file of the pattern, in any format that libvips writes.</summary>
    internal static byte[] Encode(int width, int height, Func<Image, byte[]> save)
    {
        using var raw = Image.NewFromMemory(Pattern(width, height), width, height, 3, Enums.BandFormat.Uchar);
        using var picture = raw.Copy(interpretation: Enums.Interpretation.Srgb);
        return save(picture);
    }

    /// <summary>A PNG of given rows (each with its filter byte), with more chunks before the pixels.</summary>
    internal static byte[] Png(int width, int height, byte bitDepth, byte colourType, byte[] rows, params (string Type, byte[] Data)[] chunks)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bitDepth, colourType);

        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        foreach (var (type, data) in (IEnumerable<(string, byte[])>)[("IHDR", header), .. chunks, ("IDAT", Deflate(rows)), ("IEND", [])])
        {
            byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
            png.Write(BigEndian(data.Length));
            png.Write(body);
            png.Write(BigEndian((int)Crc32.HashToUInt32(body)));
        }
        return png.ToArray();
    }

    /// <summary>An 8-bit RGB PNG of one colour that says it is as large as one likes, and holds one row.</summary>
    internal static byte[] PngOfSize(int width, int height) => Png(width, height, 8, 2, new byte[200]);

    internal static byte[] Deflate(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Optimal)) stream.Write(data);
        return packed.ToArray();
    }

    /// <summary>A GIF of 1 × 1 frames.</summary>
    internal static byte[] Gif(int frames)
    {
        using var gif = new MemoryStream();
        gif.Write([.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 200, 30, 90, 0, 0, 0]); // a palette of two colours
        for (var i = 0; i < frames; i++)
        {
            gif.Write([0x21, 0xF9, 4, 0, 1, 0, 0, 0]); // delay
            gif.Write([0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0]); // clear, colour 0, end
        }
        gif.WriteByte(0x3B);
        return gif.ToArray();
    }

    /// <summary>A BMP of given rows, bottom row first unless <paramref name="height"/> is negative.</summary>
    internal static byte[] Bmp(int width, int height, short bits, int compression, byte[] behindHeader, byte[] rows)
    {
        using var bmp = new MemoryStream();
        using var writer = new BinaryWriter(bmp);
        writer.Write("BM"u8);
        writer.Write(54 + behindHeader.Length + rows.Length);
        writer.Write(0);
        writer.Write(54 + behindHeader.Length);
        writer.Write(40);
        writer.Write(width);
        writer.Write(height);
        writer.Write((short)1);
        writer.Write(bits);
        writer.Write(compression);
        writer.Write(new byte[20]);
        writer.Write(behindHeader);
        writer.Write(rows);
        return bmp.ToArray();
    }

    /// <summary>A JPEG whose frame header says another size.</summary>
    internal static byte[] JpegOfSize(ushort width, ushort height)
    {
        var jpeg = Encode(32, 32, x => x.JpegsaveBuffer());
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), width);
        return jpeg;
    }

    /// <summary>A JPEG with a segment more behind its first two bytes.</summary>
    internal static byte[] JpegWithSegment(byte marker, byte[] data)
    {
        var jpeg = Encode(40, 30, x => x.JpegsaveBuffer(q: 95));
        return [.. jpeg[..2], 0xFF, marker, .. BigEndian(data.Length + 2)[2..], .. data, .. jpeg[2..]];
    }

    private static byte[] BigEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
