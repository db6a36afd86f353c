namespace Dpvr.Data.Sources;

/// <summary>Which files count as pictures when nobody names a glob.</summary>
internal static class PictureFiles
{
    // What people keep as pictures, read or not: a file of a type that is not read becomes an error record, not a silent gap.
    private static readonly HashSet<string> s_extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".heif", ".jxl", ".ppm", ".pgm", ".pbm", ".pnm", ".jp2",
    };

    public static bool Is(string name) => s_extensions.Contains(Path.GetExtension(name));
}
