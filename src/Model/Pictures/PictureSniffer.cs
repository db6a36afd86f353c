using System.Buffers.Binary;

namespace Dpvr.Model.Pictures;

/// <summary>Says what bytes are by their content, so that no decoder ever sees a kind of data it was not meant for.</summary>
internal static class PictureSniffer
{
    internal const string Jpeg = "JPEG", Png = "PNG", WebP = "WebP", Gif = "GIF", Tiff = "TIFF", Bmp = "BMP", Avif = "AVIF";

    private static readonly (byte[] Start, string Name)[] Signatures =
    [
        ([0xFF, 0xD8, 0xFF], Jpeg),
        ([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], Png),
        ([.. "GIF87a"u8], Gif),
        ([.. "GIF89a"u8], Gif),
        ([(byte)'I', (byte)'I', 42, 0], Tiff),
        ([(byte)'M', (byte)'M', 0, 42], Tiff),
        ([(byte)'I', (byte)'I', 43, 0], Tiff), // BigTIFF
        ([(byte)'M', (byte)'M', 0, 43], Tiff),
        ([.. "%PDF"u8], "PDF"),
        ([.. "%!PS"u8], "PostScript (EPS)"),
        ([0xC5, 0xD0, 0xD3, 0xC6], "PostScript (EPS)"),
        ([.. "8BPS"u8], "Photoshop (PSD)"),
        ([0xFF, 0x0A], "JPEG XL"),
        ([0, 0, 0, 0x0C, (byte)'J', (byte)'X', (byte)'L', (byte)' '], "JPEG XL"),
        ([0, 0, 0, 0x0C, (byte)'j', (byte)'P', (byte)' ', (byte)' '], "JPEG 2000"),
        ([0xFF, 0x4F, 0xFF, 0x51], "JPEG 2000"),
        ([0, 0, 1, 0], "Windows icon"),
        ([.. "qoif"u8], "QOI"),
        ([.. "DDS "u8], "DDS"),
        ([0x76, 0x2F, 0x31, 0x01], "OpenEXR"),
        ([.. "#?RADIANCE"u8], "Radiance HDR"),
        ([.. "SIMPLE  ="u8], "FITS"),
        ([0x1F, 0x8B], "gzip"),
        ([(byte)'P', (byte)'K', 3, 4], "ZIP"),
        ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard"),
        ([.. "BZh"u8], "bzip2"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "xz"),
        ([.. "Rar!"u8], "RAR"),
        ([0x7F, (byte)'E', (byte)'L', (byte)'F'], "an ELF program"),
    ];

    /// <summary>The formats that <see cref="PictureDecoder"/> reads.</summary>
    internal static IReadOnlyList<string> Readable { get; } = [Jpeg, Png, WebP, Gif, Tiff, Bmp, Avif];

    /// <summary>A format's name for the user; null when the bytes are nothing known.</summary>
    internal static string? Sniff(ReadOnlySpan<byte> bytes)
    {
        foreach (var (start, name) in Signatures)
            if (bytes.StartsWith(start)) return name;

        if (bytes.Length >= 12 && bytes.StartsWith("RIFF"u8)) return bytes[8..].StartsWith("WEBP"u8) ? WebP : "RIFF (audio or video)";
        if (bytes.Length >= 12 && bytes[4..].StartsWith("ftyp"u8)) return SniffBrand(bytes);
        if (IsBmp(bytes)) return Bmp;
        if (bytes.Length >= 3 && bytes[0] == 'P' && bytes[1] is >= (byte)'1' and <= (byte)'7' && bytes[2] is (byte)'\n' or (byte)'\r' or (byte)' ') return "Netpbm";
        if (bytes.Length > 262 && bytes[257..].StartsWith("ustar"u8)) return "tar";
        return SniffText(bytes);
    }

    // "BM" alone would also be the start of many a text: the header's own size must be a known one.
    private static bool IsBmp(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("BM"u8) && (bytes.Length < 18 || BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]) is 12 or 16 or 40 or 52 or 56 or 64 or 108 or 124);

    /// <summary>ISO base media files (ISO/IEC 14496-12): the major brand, then the compatible ones.</summary>
    private static string SniffBrand(ReadOnlySpan<byte> bytes)
    {
        var length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(bytes), (uint)Math.Min(bytes.Length, 256));
        var heic = false;
        for (var at = 8; at + 4 <= length; at += at == 8 ? 8 : 4) // the minor version stands between them
        {
            var brand = bytes.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8)) return Avif;
            heic |= brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8);
        }
        return heic ? "HEIC" : "MP4 (video)";
    }

    private static string? SniffText(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        var start = bytes[..Math.Min(bytes.Length, 1024)];
        if (start.ContainsAny((ReadOnlySpan<byte>)[0, 1, 2, 3, 4, 5, 6, 7, 8, 0x0E, 0x0F, 0x7F])) return null;

        var text = System.Text.Encoding.Latin1.GetString(start).TrimStart();
        if (text.Length == 0) return "text";
        if (text.Contains("<svg", StringComparison.OrdinalIgnoreCase)) return "SVG";
        if (text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.Contains("<html", StringComparison.OrdinalIgnoreCase)
            || text.Contains("<head", StringComparison.OrdinalIgnoreCase) || text.Contains("<body", StringComparison.OrdinalIgnoreCase)) return "HTML";
        if (text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase)) return "XML";
        return text[0] is '{' or '[' ? "JSON" : "text";
    }
}
