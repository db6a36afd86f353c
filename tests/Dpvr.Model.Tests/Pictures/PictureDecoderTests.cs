using Dpvr.Model.Pictures;
using NetVips;

namespace Dpvr.Model.Tests.Pictures;

public sealed class PictureDecoderTests
{
    [Theory]
    [InlineData("PNG")]
    [InlineData("TIFF")]
    [InlineData("WebP")]
    [InlineData("TIFF LZW")]
    [InlineData("PNG interlaced")]
    public void Decode_WhenFormatIsLossless_ReturnsThePixels(string kind)
    {
        var got = Good(PictureFiles.Encode(37, 23, Writer(kind)));

        (got.Width, got.Height, got.Format).Should().Be((37, 23, kind.Split(' ')[0]));
        got.Rgb.Should().Equal(PictureFiles.Pattern(37, 23));
    }

    [Theory]
    [InlineData("JPEG")]
    [InlineData("GIF")]
    [InlineData("AVIF")]
    public void Decode_WhenFormatIsLossy_ReturnsNearPixels(string kind)
    {
        using var flat = (Image.Black(64, 48, bands: 3) + new[] { 200.0, 30, 90 }).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);

        var got = Good(Writer(kind)(flat));

        (got.Width, got.Height, got.Format).Should().Be((64, 48, kind));
        got.Rgb.Where((_, i) => i % 3 == 0).Should().OnlyContain(x => x >= 194 && x <= 206);
        got.Rgb.Where((_, i) => i % 3 == 1).Should().OnlyContain(x => x >= 24 && x <= 36);
        got.Rgb.Where((_, i) => i % 3 == 2).Should().OnlyContain(x => x >= 84 && x <= 96);
    }

    [Theory, InlineData(256, 400, 300), InlineData(200, 200, 150), InlineData(100, 200, 150), InlineData(800, 800, 600), InlineData(801, 1600, 1200), InlineData(5000, 1600, 1200)]
    public void DecodeSmall_OfAJpeg_IsAsSmallAsTheSideAllows(int side, int width, int height)
    {
        using var flat = (Image.Black(1600, 1200, bands: 3) + new[] { 200.0, 30, 90 }).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);

        var got = PictureDecoder.DecodeSmall(Writer("JPEG")(flat), side).Should().BeOfType<DecodedPicture>().Subject;

        (got.Width, got.Height).Should().Be((width, height));
        got.Rgb.Where((_, i) => i % 3 == 0).Should().OnlyContain(x => x >= 194 && x <= 206);
    }

    [Fact]
    public void DecodeSmall_OfAnyOtherFormat_IsTheWholePicture() => PictureDecoder.DecodeSmall(PictureFiles.Encode(37, 23, Writer("PNG")), 8).Should().BeOfType<DecodedPicture>().Which.Width.Should().Be(37);

    [Fact]
    public void DecodeSmall_OfACutOffJpeg_IsRefused()
    {
        var jpeg = PictureFiles.Encode(1600, 1200, Writer("JPEG"));

        PictureDecoder.DecodeSmall(jpeg.AsMemory(0, jpeg.Length / 2), 100).Should().BeOfType<PictureFailure>().Which.Code.Should().Be(PictureCodes.DecodeError);
    }

    [Fact]
    public void Decode_WhenGifIsAnimated_ReturnsTheFirstFrame() => Good(PictureFiles.Gif(3)).Rgb.Should().Equal(200, 30, 90);

    [Fact]
    public void Decode_WhenPaletteHasAlpha_KeepsColoursUnderTransparentPixels()
    {
        var png = PictureFiles.Png(2, 1, 8, 3, [0, 0, 1], ("PLTE", [10, 20, 30, 40, 50, 60]), ("tRNS", [0, 128]));

        Good(png).Rgb.Should().Equal(10, 20, 30, 40, 50, 60);
    }

    [Fact]
    public void Decode_WhenGreyHasAlpha_ReplicatesGrey() =>
        Good(PictureFiles.Png(2, 1, 8, 4, [0, 77, 0, 200, 255])).Rgb.Should().Equal(77, 77, 77, 200, 200, 200);

    [Fact]
    public void Decode_WhenOneBitAPixel_ReturnsBlackAndWhite() =>
        Good(PictureFiles.Png(3, 1, 1, 0, [0, 0b101_00000])).Rgb.Should().Equal(255, 255, 255, 0, 0, 0, 255, 255, 255);

    [Fact]
    public void Decode_When16Bits_ReturnsHighBytes() =>
        Good(PictureFiles.Png(1, 1, 16, 2, [0, 0x12, 0xFF, 0xFE, 0x00, 0x80, 0x7F])).Rgb.Should().Equal(0x12, 0xFE, 0x80);

    [Fact]
    public void Decode_WhenTiffIsCmyk_AppliesPlainFormula()
    {
        using var ink = Image.NewFromMemory<byte>((byte[])[0, 0, 0, 0, 255, 0, 0, 0, 0, 100, 200, 51], 3, 1, 4, Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Cmyk);

        Good(ink.TiffsaveBuffer()).Rgb.Should().Equal(255, 255, 255, 0, 255, 255, 204, 124, 44); // (255 - 100)(255 - 51) / 255 = 124
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Decode_WhenOrientationIsGiven_AppliesItUnlessTold(int orientation)
    {
        var tiff = PictureFiles.Encode(3, 2, x => x.Mutate(image => image.Set(GValue.GIntType, "orientation", orientation)).TiffsaveBuffer());
        var stored = PictureFiles.Pattern(3, 2);

        var upright = Good(tiff);
        var asStored = Good(tiff, new PictureLimits { IgnoreOrientation = true });

        (upright.Width, upright.Height).Should().Be(orientation > 4 ? (2, 3) : (3, 2));
        for (var y = 0; y < upright.Height; y++)
        {
            for (var x = 0; x < upright.Width; x++)
            {
                var (sx, sy) = ExifOrientation.StoredPlace(x, y, 3, 2, orientation);
                upright.Rgb[(y * upright.Width + x) * 3].Should().Be(stored[(sy * 3 + sx) * 3], "orientation {0}, pixel {1},{2}", orientation, x, y);
            }
        }
        asStored.Rgb.Should().Equal(stored);
    }

    [Fact]
    public void Decode_WhenColourProfileIsBroken_Succeeds()
    {
        Good(PictureFiles.JpegWithSegment(0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, 0xDE, 0xAD, 0xBE, 0xEF])).Width.Should().Be(40);
        Good(PictureFiles.Png(1, 1, 8, 2, [0, 1, 2, 3], ("iCCP", [.. "name\0"u8, 0, 0xDE, 0xAD, 0xBE, 0xEF]))).Rgb.Should().Equal(1, 2, 3);
    }

    [Fact]
    public void Decode_WhenPicturesAreOneOrThreeHigh_KeepsRowsAndChannelsApart()
    {
        Good(PictureFiles.Encode(5, 1, x => x.PngsaveBuffer())).Rgb.Should().Equal(PictureFiles.Pattern(5, 1));
        Good(PictureFiles.Encode(5, 3, x => x.PngsaveBuffer())).Rgb.Should().Equal(PictureFiles.Pattern(5, 3));
    }

    [Fact]
    public void Decode_WhenGivenPartOfAnArray_ReadsThatPart()
    {
        var png = PictureFiles.Encode(5, 4, x => x.PngsaveBuffer());
        byte[] padded = [1, 2, 3, .. png, 4, 5];

        PictureDecoder.Decode(padded.AsMemory(3, png.Length)).Should().BeOfType<DecodedPicture>().Which.Rgb.Should().Equal(PictureFiles.Pattern(5, 4));
    }

    [Fact]
    public async Task Decode_FromEightThreads_GivesEachItsOwnResult()
    {
        (byte[] File, PictureResult Alone)[] files =
        [
            .. new[] { "JPEG", "PNG", "WebP", "GIF", "TIFF" }.SelectMany(kind => new[] { 20, 33, 64 }
                .Select(width => PictureFiles.Encode(width, 48, Writer(kind)))).SelectMany(file => new[] { file, file[..(file.Length * 2 / 3)] })
                .Select(file => (file, PictureDecoder.Decode(file))),
        ];
        using var together = new Barrier(8);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(() =>
        {
            together.SignalAndWait();
            return files.Select((_, i) => PictureDecoder.Decode(files[(i + thread) % files.Length].File)).ToArray();
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        for (var thread = 0; thread < 8; thread++)
        {
            for (var i = 0; i < files.Length; i++)
            {
                var alone = files[(i + thread) % files.Length].Alone;
                if (alone is DecodedPicture picture) results[thread][i].Should().BeOfType<DecodedPicture>().Which.Rgb.AsSpan().SequenceEqual(picture.Rgb).Should().BeTrue();
                else results[thread][i].Should().Be(alone);
            }
        }
    }

    [Fact]
    public void Decode_OfTheSamplePhotographs_ReadsThemAll()
    {
        var photographs = Directory.GetFiles(PictureGoldens.InRepository("samples", "photos"), "*.jpg");

        photographs.Should().HaveCountGreaterThanOrEqualTo(4);
        foreach (var path in photographs) Math.Max(Good(File.ReadAllBytes(path)).Width, Good(File.ReadAllBytes(path)).Height).Should().BeInRange(300, 1024);
    }

    internal static Func<Image, byte[]> Writer(string kind) => kind switch
    {
        "JPEG" => x => x.JpegsaveBuffer(q: 95),
        "JPEG progressive" => x => x.JpegsaveBuffer(q: 95, interlace: true),
        "PNG" => x => x.PngsaveBuffer(),
        "PNG interlaced" => x => x.PngsaveBuffer(interlace: true),
        "WebP" => x => x.WebpsaveBuffer(lossless: true),
        "WebP lossy" => x => x.WebpsaveBuffer(),
        "GIF" => x => x.GifsaveBuffer(),
        "TIFF" => x => x.TiffsaveBuffer(),
        "TIFF LZW" => x => x.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw),
        "TIFF JPEG" => x => x.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Jpeg),
        "AVIF" => x => x.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, q: 90, effort: 0),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind."),
    };

    private static DecodedPicture Good(byte[] file, PictureLimits? limits = null) => PictureDecoder.Decode(file, limits).Should().BeOfType<DecodedPicture>().Subject;
}
