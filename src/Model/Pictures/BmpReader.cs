using System.Buffers.Binary;
using System.Numerics;

namespace Dpvr.Model.Pictures;

/// <summary>
/// Reads uncompressed Windows and OS/2 bitmaps of 1, 4, 8, 16, 24 and 32 bits a pixel; the picture library in use has no
/// loader for them. Alpha is dropped. Run-length and embedded compression is refused.
/// </summary>
internal static class BmpReader
{
    private const int FileHeader = 14;

    internal static PictureResult Read(ReadOnlySpan<byte> bmp, PictureLimits limits)
    {
        if (bmp.Length < FileHeader + 12) return Truncated();
        var header = (int)Math.Min(ReadLong(bmp, 14), 124);
        if (bmp.Length < FileHeader + header) return Truncated();

        var core = header == 12; // OS/2 1.x: 16-bit fields, palette entries of three bytes
        long width = core ? ReadShort(bmp, 18) : (int)ReadLong(bmp, 18);
        long signedHeight = core ? ReadShort(bmp, 20) : (int)ReadLong(bmp, 22);
        var height = Math.Abs(signedHeight); // negative: the top row comes first
        if (PictureHeader.CheckSize(width, height, limits) is { } failure) return failure;

        int bits = ReadShort(bmp, core ? 24 : 28);
        var compression = core || header < 20 ? 0 : ReadLong(bmp, 30);
        if (compression is not (0 or 3 or 6) || bits is not (1 or 4 or 8 or 16 or 24 or 32) || compression != 0 && bits is not (16 or 32))
            return new PictureFailure(PictureCodes.UnsupportedFormat, $"A BMP with {bits} bits a pixel and compression {compression} is not read.");

        var row = (width * bits + 31) / 32 * 4;
        var pixels = ReadLong(bmp, 10);
        if (pixels < FileHeader + header || pixels + row * (height - 1) + (width * bits + 7) / 8 > bmp.Length) return Truncated();

        var palette = FileHeader + header;
        var layout = new Layout(bits, core ? 3 : 4, compression == 0 ? DefaultMasks(bits) : Masks(bmp));
        var entries = bits > 8 ? 0 : (int)Math.Min(1 << bits, (pixels - palette) / layout.EntrySize);
        var colours = bmp.Slice(palette, entries * layout.EntrySize);

        var rgb = new byte[checked((int)(width * height * 3))];
        for (var y = 0; y < height; y++)
        {
            var stored = signedHeight < 0 ? y : height - 1 - y;
            ReadRow(bmp[(int)(pixels + stored * row)..], rgb.AsSpan((int)(y * width * 3), (int)width * 3), layout, colours);
        }
        return new DecodedPicture(rgb, (int)width, (int)height, PictureSniffer.Bmp);
    }

    private static void ReadRow(ReadOnlySpan<byte> from, Span<byte> rgb, Layout layout, ReadOnlySpan<byte> colours)
    {
        var bits = layout.Bits;
        for (int x = 0, i = 0; i < rgb.Length; x++, i += 3)
        {
            if (bits == 24)
            {
                (rgb[i], rgb[i + 1], rgb[i + 2]) = (from[x * 3 + 2], from[x * 3 + 1], from[x * 3]);
            }
            else if (bits <= 8)
            {
                var perByte = 8 / bits;
                var index = from[x / perByte] >> (8 - bits - x % perByte * bits) & (1 << bits) - 1;
                var entry = index * layout.EntrySize;
                if (entry + 3 <= colours.Length) // an index behind the palette is black, as in other readers
                    (rgb[i], rgb[i + 1], rgb[i + 2]) = (colours[entry + 2], colours[entry + 1], colours[entry]);
            }
            else
            {
                var value = bits == 16 ? (uint)ReadShort(from, x * 2) : ReadLong(from, x * 4);
                (rgb[i], rgb[i + 1], rgb[i + 2]) = (Channel(value, layout.Masks.R), Channel(value, layout.Masks.G), Channel(value, layout.Masks.B));
            }
        }
    }

    private static byte Channel(uint value, uint mask)
    {
        if (mask == 0) return 0;
        var shift = BitOperations.TrailingZeroCount(mask);
        return (byte)((ulong)((value & mask) >> shift) * 255 / (mask >> shift));
    }

    private static (uint R, uint G, uint B) DefaultMasks(int bits) => bits == 16 ? (0x7C00u, 0x3E0u, 0x1Fu) : (0xFF0000u, 0xFF00u, 0xFFu);

    // Behind a 40-byte header, or within a longer one: the same place.
    private static (uint R, uint G, uint B) Masks(ReadOnlySpan<byte> bmp) =>
        bmp.Length < 66 ? default : (ReadLong(bmp, 54), ReadLong(bmp, 58), ReadLong(bmp, 62));

    private static int ReadShort(ReadOnlySpan<byte> from, int at) => BinaryPrimitives.ReadUInt16LittleEndian(from[at..]);

    private static uint ReadLong(ReadOnlySpan<byte> from, int at) => BinaryPrimitives.ReadUInt32LittleEndian(from[at..]);

    private static PictureFailure Truncated() => new(PictureCodes.DecodeError, "The BMP ends early.");

    private readonly record struct Layout(int Bits, int EntrySize, (uint R, uint G, uint B) Masks);
}
