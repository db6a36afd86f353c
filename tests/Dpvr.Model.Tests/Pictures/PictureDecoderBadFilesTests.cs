using System.Text;
using Dpvr.Model.Pictures;
using NetVips;

namespace Dpvr.Model.Tests.Pictures;

public sealed class PictureDecoderBadFilesTests
{
    [Fact]
    public void Decode_WhenThereAreNoBytes_SaysEmpty() => Bad([], PictureCodes.Empty);

    [Theory]
    [InlineData("<!DOCTYPE html><html><body>404 Not Found</body></html>", "HTML")]
    [InlineData("\n  <html lang=\"en\">", "HTML")]
    [InlineData("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", "SVG")]
    [InlineData("<svg width=\"10\" height=\"10\"></svg>", "SVG")]
    [InlineData("%PDF-1.7\n", "PDF")]
    [InlineData("%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript (EPS)")]
    [InlineData("{\"error\":\"gone\"}", "JSON")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "text")]
    [InlineData("BMX is a sport on small wheels.", "text")]
    [InlineData("P6\n1 1\n255\nabc", "Netpbm")]
    [InlineData("\0\0\0\x18" + "ftypheic\0\0\0\0mif1heic", "HEIC")]
    [InlineData("\0\0\0\x18" + "ftypisom\0\0\0\0isommp42", "MP4 (video)")]
    [InlineData("RIFF\x10\0\0\0WAVEfmt ", "RIFF (audio or video)")]
    [InlineData("\u0001\u0002\u0003\u0004", "no known kind of picture")]
    public void Decode_WhenContentIsNoReadablePicture_NamesWhatItIs(string content, string name) =>
        Bad(Encoding.Latin1.GetBytes(content), PictureCodes.UnsupportedFormat).Should().StartWith($"The content is {name};");

    [Fact]
    public void Decode_WhenTiffHoldsNaN_IsUnsupported()
    {
        using var nan = Image.NewFromMemory<float>((float[])[float.NaN, 1, 0.5f, float.NaN], 2, 2, 1, Enums.BandFormat.Float);

        Bad(nan.TiffsaveBuffer(), PictureCodes.UnsupportedFormat).Should().Contain("float");
    }

    [Theory]
    [InlineData("JPEG")]
    [InlineData("JPEG progressive")]
    [InlineData("PNG")]
    [InlineData("PNG interlaced")]
    [InlineData("WebP")]
    [InlineData("WebP lossy")]
    [InlineData("GIF")]
    [InlineData("TIFF")]
    [InlineData("TIFF LZW")]
    [InlineData("TIFF JPEG")]
    [InlineData("AVIF")]
    public void Decode_WhenFileIsCutAnywhere_FailsOrReturnsTheWholePicture(string kind)
    {
        var file = PictureFiles.Encode(48, 32, PictureDecoderTests.Writer(kind));
        var whole = PictureDecoder.Decode(file).Should().BeOfType<DecodedPicture>().Subject;
        var failed = 0;

        for (var cut = 1; cut < file.Length; cut += Math.Max(1, file.Length / 200))
        {
            // A piece behind the pixels may be missing; of the pixels, none.
            switch (PictureDecoder.Decode(file.AsMemory(0, cut)))
            {
                case DecodedPicture picture: picture.Rgb.Should().Equal(whole.Rgb, "the file was cut at {0} of {1}", cut, file.Length); break;
                case PictureFailure failure:
                    failed++;
                    failure.Code.Should().Be(cut < 16 && failure.Code != PictureCodes.DecodeError ? PictureCodes.UnsupportedFormat : PictureCodes.DecodeError, "cut at {0}", cut);
                    break;
            }
        }
        failed.Should().BeGreaterThan(100);
    }

    [Fact]
    public void Decode_WhenJpegEndsEarlyButSaysItsEnd_IsNotFilledWithGrey()
    {
        var jpeg = PictureFiles.Encode(160, 120, PictureDecoderTests.Writer("JPEG"));

        Bad([.. jpeg[..(jpeg.Length / 2)], 0xFF, 0xD9], PictureCodes.DecodeError);
    }

    [Fact]
    public void Decode_WhenJpegIsHarmlesslyOdd_Succeeds()
    {
        var jpeg = PictureFiles.Encode(160, 120, PictureDecoderTests.Writer("JPEG progressive"));

        PictureDecoder.Decode((byte[])[.. jpeg[..^2], .. new byte[100], 0xFF, 0xD9]).Should().BeOfType<DecodedPicture>();
        using var grey = (Image.Black(32, 32) + 128).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Bw);
        PictureDecoder.Decode(grey.JpegsaveBuffer()).Should().BeOfType<DecodedPicture>().Which.Rgb.Should().OnlyContain(x => x == 128);
    }

    [Theory]
    [InlineData("IHDR")]
    [InlineData("IDAT")]
    [InlineData("tEXt")]
    [InlineData("IEND")]
    public void Decode_WhenPngChecksumIsWrong_NamesTheChunk(string chunk)
    {
        var png = PictureFiles.Png(1, 1, 8, 2, [0, 1, 2, 3], ("tEXt", [.. "a\0b"u8]));
        var at = png.AsSpan().IndexOf(Encoding.ASCII.GetBytes(chunk));
        var length = png[at - 1];
        png[at + 4 + length] ^= 1;

        Bad(png, PictureCodes.DecodeError).Should().Contain(chunk);
    }

    [Fact]
    public void Decode_WhenPngHasTooFewRows_IsNotFilled() => Bad(PictureFiles.Png(4, 4, 8, 2, new byte[2 * 13]), PictureCodes.DecodeError);

    [Theory]
    [InlineData(64_250, 64_250)]
    [InlineData(0, 10)]
    [InlineData(10, 0)]
    [InlineData(1, 100_000_000)]
    [InlineData(100_000_000, 1)]
    [InlineData(-1, -1)]
    public void Decode_WhenPngSizeIsImpossible_SaysDimensions(int width, int height) => Bad(PictureFiles.PngOfSize(width, height), PictureCodes.ImageDimensions);

    [Theory]
    [InlineData(64_250, 64_250)]
    [InlineData(0, 10)]
    [InlineData(10, 0)]
    public void Decode_WhenJpegSizeIsImpossible_SaysDimensions(int width, int height) =>
        Bad(PictureFiles.JpegOfSize((ushort)width, (ushort)height), PictureCodes.ImageDimensions);

    [Theory]
    [InlineData(0, 10)]
    [InlineData(64_250, 64_250)]
    [InlineData(int.MinValue, int.MinValue)]
    public void Decode_WhenBmpSizeIsImpossible_SaysDimensions(int width, int height) => Bad(PictureFiles.Bmp(width, height, 24, 0, [], []), PictureCodes.ImageDimensions);

    [Fact]
    public void Decode_WhenGifOrTiffSizeIsImpossible_SaysDimensions()
    {
        var gif = PictureFiles.Gif(1);
        (gif[6], gif[7]) = (0, 0);
        Bad(gif, PictureCodes.ImageDimensions);

        var tiff = PictureFiles.Encode(2, 2, x => x.TiffsaveBuffer());
        var entry = tiff.AsSpan().IndexOf((ReadOnlySpan<byte>)[0, 1, 3, 0, 1, 0, 0, 0]); // ImageWidth, 16 bits, one value
        (tiff[entry + 8], tiff[entry + 9]) = (0, 0);
        Bad(tiff, PictureCodes.ImageDimensions);
    }

    [Fact]
    public void Decode_WhenPictureIsAboveLimits_SaysDimensions()
    {
        var webp = PictureFiles.Encode(30, 20, PictureDecoderTests.Writer("WebP"));

        PictureDecoder.Decode(webp, new PictureLimits { MaxPixels = 599 }).Should().BeOfType<PictureFailure>().Which.Code.Should().Be(PictureCodes.ImageDimensions);
        PictureDecoder.Decode(webp, new PictureLimits { MaxPixels = 600, MaxSide = 30 }).Should().BeOfType<DecodedPicture>();
    }

    [Theory]
    [InlineData("zTXt")]
    [InlineData("iTXt")]
    [InlineData("iCCP")]
    public void Decode_WhenPngMetadataIsABomb_SaysLimit(string chunk)
    {
        var bomb = PictureFiles.Deflate(new byte[64 << 20]);
        byte[] data = chunk == "iTXt" ? [.. "bomb\0"u8, 1, 0, 0, 0, .. bomb] : [.. "bomb\0"u8, 0, .. bomb];

        Bad(PictureFiles.Png(1, 1, 8, 2, [0, 1, 2, 3], (chunk, data)), PictureCodes.DecodeLimit).Should().Contain(chunk);
    }

    [Fact]
    public void Decode_WhenGifHasTenThousandFrames_SaysLimit()
    {
        Bad(PictureFiles.Gif(10_000), PictureCodes.DecodeLimit);
        PictureDecoder.Decode(PictureFiles.Gif(1_000)).Should().BeOfType<DecodedPicture>();
    }

    [Theory]
    [InlineData("JPEG")]
    [InlineData("PNG")]
    [InlineData("WebP")]
    [InlineData("GIF")]
    [InlineData("TIFF LZW")]
    [InlineData("AVIF")]
    public void Decode_WhenBytesAreDamaged_NeverThrows(string kind)
    {
        var file = PictureFiles.Encode(48, 32, PictureDecoderTests.Writer(kind));
        var random = new Random(7);
        for (var i = 0; i < 100; i++)
        {
            var damaged = file.ToArray();
            for (var n = 0; n < 1 + i % 4; n++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);

            PictureDecoder.Decode(damaged, new PictureLimits { MaxPixels = 1_000_000 }).Should().NotBeNull();
        }
    }

    private static string Bad(byte[] file, string code)
    {
        var failure = PictureDecoder.Decode(file).Should().BeOfType<PictureFailure>().Subject;
        failure.Code.Should().Be(code, failure.Message);
        return failure.Message;
    }
}
