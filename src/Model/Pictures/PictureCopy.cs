using NetVips;

namespace Dpvr.Model.Pictures;

/// <summary>Writes pictures for people to look at: made of pixels alone, so that nothing else of a file gets through.</summary>
public static class PictureCopy
{
    private const int Quality = 82;

    /// <summary>A JPEG whose longer side is at most <paramref name="side"/> pixels, without metadata.</summary>
    /// <param name="picture">What was decoded.</param>
    /// <param name="side">Pixels; 1 or more.</param>
    public static byte[] Jpeg(DecodedPicture picture, int side)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        var pixels = picture.Pixels.Length == picture.Rgb.Length ? picture.Rgb : picture.Pixels.ToArray();
        using var whole = Image.NewFromMemory(pixels, picture.Width, picture.Height, 3, Enums.BandFormat.Uchar);
        using var rgb = whole.Copy(interpretation: Enums.Interpretation.Srgb);
        using var small = Math.Max(picture.Width, picture.Height) > side ? rgb.ThumbnailImage(side, height: side, size: Enums.Size.Down) : rgb.Copy();
        return small.JpegsaveBuffer(q: Quality, keep: Enums.ForeignKeep.None);
    }
}
