namespace Dpvr.Model.Pictures;

/// <summary>
/// From a decoder's pixels to 8-bit RGB, as the reference models saw them: the high byte of 16 bits, grey replicated, alpha
/// dropped (colours under transparent pixels count), CMYK by the plain formula, colour profiles ignored.
/// </summary>
internal static class RgbPixels
{
    /// <summary>16-bit samples to their high bytes.</summary>
    internal static byte[] HighBytes(ReadOnlySpan<ushort> samples)
    {
        var bytes = new byte[samples.Length];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(samples[i] >> 8);
        return bytes;
    }

    /// <summary>(pixels, bands) grey, grey + alpha, RGB or RGB + more → (pixels, 3)</summary>
    internal static byte[] FromBands(byte[] samples, int bands)
    {
        if (bands == 3) return samples;
        var rgb = new byte[checked(samples.Length / bands * 3)];
        var (green, blue) = bands < 3 ? (0, 0) : (1, 2);
        for (int i = 0, s = 0; i < rgb.Length; i += 3, s += bands)
            (rgb[i], rgb[i + 1], rgb[i + 2]) = (samples[s], samples[s + green], samples[s + blue]);
        return rgb;
    }

    /// <summary>(pixels, bands ≥ 4) with 255 = full ink → (pixels, 3); R = (255 - C)(255 - K) / 255 and so on.</summary>
    internal static byte[] FromCmyk(ReadOnlySpan<byte> samples, int bands)
    {
        var rgb = new byte[samples.Length / bands * 3];
        for (int i = 0, s = 0; i < rgb.Length; i += 3, s += bands)
        {
            var light = 255 - samples[s + 3];
            (rgb[i], rgb[i + 1], rgb[i + 2]) = (Mix(samples[s], light), Mix(samples[s + 1], light), Mix(samples[s + 2], light));
        }
        return rgb;

        // light - ink · light / 255, the product divided with rounding
        static byte Mix(int ink, int light)
        {
            var product = ink * light + 128;
            return (byte)(light - ((product >> 8) + product >> 8));
        }
    }
}
