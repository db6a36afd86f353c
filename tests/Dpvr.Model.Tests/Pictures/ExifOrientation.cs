namespace Dpvr.Model.Tests.Pictures;

/// <summary>EXIF 2.32, tag 274, written out for the tests.</summary>
internal static class ExifOrientation
{
    /// <summary>Where the upright picture's pixel (x, y) stands in the stored one.</summary>
    internal static (int X, int Y) StoredPlace(int x, int y, int storedWidth, int storedHeight, int orientation)
    {
        int right = storedWidth - 1, bottom = storedHeight - 1;
        return orientation switch
        {
            1 => (x, y),
            2 => (right - x, y),
            3 => (right - x, bottom - y),
            4 => (x, bottom - y),
            5 => (y, x),
            6 => (y, bottom - x),
            7 => (right - y, bottom - x),
            8 => (right - y, x),
            _ => throw new ArgumentOutOfRangeException(nameof(orientation), orientation, "Not an orientation."),
        };
    }
}
