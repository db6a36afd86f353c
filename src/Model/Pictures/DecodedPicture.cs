namespace Dpvr.Model.Pictures;

/// <summary>A picture in memory.</summary>
/// <param name="Rgb">8-bit pixels, (Height, Width, 3), row by row, without padding; may be longer than that, never shorter.</param>
/// <param name="Width">Pixels in a row, after the EXIF orientation was applied.</param>
/// <param name="Height">Rows, after the EXIF orientation was applied.</param>
/// <param name="Format">What it was read from: "JPEG", "PNG", … (see <see cref="PictureDecoder"/>).</param>
public sealed record DecodedPicture(byte[] Rgb, int Width, int Height, string Format) : PictureResult
{
    /// <summary>The pixels alone, (Height, Width, 3).</summary>
    public ReadOnlySpan<byte> Pixels => Rgb.AsSpan(0, checked(Width * Height * 3));
}
