using System.Buffers;
using System.Runtime.Intrinsics;
using SkiaSharp;

namespace Dpvr.Model.Pictures;

/// <summary>
/// Small JPEGs, decoded with Skia in a third of the time that libvips takes for its threads and objects. Both call libjpeg-turbo and give the same pixels.
/// What is not plain and whole is left to <see cref="VipsReader"/>, whose word on damage counts.
/// </summary>
internal static class SmallJpeg
{
    // Skia's build of libjpeg-turbo has no SIMD code: at 512 × 384 it takes 0.7 times as long as libvips, at 640 × 480 as long.
    private const int MostPixels = 512 * 512;

    // 4 pixels RGBx → RGBRGBRGBRGB and 4 bytes that the next pixels overwrite
    private static readonly Vector128<byte> s_withoutFourth = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);

    /// <summary>The picture; null where libvips must look.</summary>
    internal static unsafe DecodedPicture? TryRead(ReadOnlySpan<byte> bytes, PictureLimits limits)
    {
        if (PictureHeader.ReadJpegFrame(bytes) is not { } frame || (long)frame.Width * frame.Height is 0 or > MostPixels || frame.Components is not (1 or 3)) return null;
        fixed (byte* file = bytes)
        {
            using var data = SKData.Create((nint)file, bytes.Length);
            using var codec = SKCodec.Create(data);
            if (codec is null || codec.EncodedFormat != SKEncodedImageFormat.Jpeg || codec.Info.Width != frame.Width || codec.Info.Height != frame.Height) return null;
            if (codec.EncodedOrigin != SKEncodedOrigin.TopLeft && !limits.IgnoreOrientation) return null;

            // No colour space: profiles are ignored.
            var wanted = new SKImageInfo(frame.Width, frame.Height, SKColorType.Rgba8888, SKAlphaType.Opaque, colorspace: null);
            var pixels = ArrayPool<byte>.Shared.Rent(wanted.BytesSize);
            try
            {
                fixed (byte* into = pixels)
                    if (codec.GetPixels(wanted, (nint)into) != SKCodecResult.Success)
                        return null;
                var picture = new DecodedPicture(WithoutFourth(pixels.AsSpan(0, wanted.BytesSize)), frame.Width, frame.Height, PictureSniffer.Jpeg);
                return JpegFill.Suspected(picture) ? null : picture;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(pixels);
            }
        }
    }

    /// <summary>(pixels, 4) → (pixels, 3)</summary>
    private static byte[] WithoutFourth(ReadOnlySpan<byte> pixels)
    {
        var rgb = GC.AllocateUninitializedArray<byte>(pixels.Length / 4 * 3);
        var (from, to) = (0, 0);
        for (; to + Vector128<byte>.Count <= rgb.Length; from += 16, to += 12) Vector128.Shuffle(Vector128.Create(pixels[from..]), s_withoutFourth).CopyTo(rgb, to);
        for (; to < rgb.Length; from += 4, to += 3) pixels.Slice(from, 3).CopyTo(rgb.AsSpan(to));
        return rgb;
    }
}
