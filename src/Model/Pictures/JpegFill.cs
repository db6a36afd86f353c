namespace Dpvr.Model.Pictures;

/// <summary>
/// JPEG decoders fill what is missing in the middle of the data with the middle grey and call it a warning. A picture is
/// suspected when one of its corners is exactly that grey; whether the decoder warned decides.
/// </summary>
internal static class JpegFill
{
    private const int Block = 8;

    /// <summary>True when a file's pixels are JPEG data.</summary>
    internal static bool CanHappen(string format, ReadOnlySpan<byte> bytes) =>
        format == PictureSniffer.Jpeg || format == PictureSniffer.Tiff && TiffStructure.Read(bytes).HoldsJpeg;

    internal static bool Suspected(DecodedPicture picture)
    {
        int right = Math.Max(0, picture.Width - Block), bottom = Math.Max(0, picture.Height - Block);
        return IsFilled(picture, 0, 0) || IsFilled(picture, right, 0) || IsFilled(picture, 0, bottom) || IsFilled(picture, right, bottom);
    }

    private static bool IsFilled(DecodedPicture picture, int left, int top)
    {
        var width = Math.Min(Block, picture.Width);
        for (var y = top; y < Math.Min(top + Block, picture.Height); y++)
        {
            var row = picture.Pixels.Slice((y * picture.Width + left) * 3, width * 3);
            // 63 and 64 are what CMYK with the middle value in all four inks becomes.
            if (row.ContainsAnyExcept((byte)128, (byte)63, (byte)64)) return false;
        }
        return true;
    }
}
