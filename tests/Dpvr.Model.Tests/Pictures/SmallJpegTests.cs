using Dpvr.Model.Pictures;
using NetVips;

namespace Dpvr.Model.Tests.Pictures;

public sealed class SmallJpegTests
{
    [Theory]
    [InlineData(1, 1, "plain")]
    [InlineData(37, 23, "plain")]
    [InlineData(37, 23, "progressive")]
    [InlineData(37, 23, "subsampled")]
    [InlineData(37, 23, "progressive, subsampled")]
    [InlineData(37, 23, "restarts")]
    [InlineData(37, 23, "profile")]
    [InlineData(37, 23, "grey")]
    [InlineData(512, 512, "subsampled")]
    public void TryRead_OfAWholePicture_GivesThePixelsOfLibvips(int width, int height, string kind)
    {
        var jpeg = PictureFiles.Encode(width, height, Writer(kind));

        var got = SmallJpeg.TryRead(jpeg, PictureLimits.Default);

        got.Should().NotBeNull();
        (got!.Width, got.Height, got.Format).Should().Be((width, height, "JPEG"));
        got.Pixels.SequenceEqual(((DecodedPicture)VipsReader.Read("JPEG", jpeg, PictureLimits.Default)).Pixels).Should().BeTrue();
    }

    [Fact]
    public void TryRead_OfALargePicture_IsLeftToLibvips() => SmallJpeg.TryRead(PictureFiles.Encode(513, 512, Writer("plain")), PictureLimits.Default).Should().BeNull();

    [Fact]
    public void TryRead_OfFourInks_IsLeftToLibvips()
    {
        var jpeg = PictureFiles.Encode(37, 23, static x =>
        {
            using var inks = x.Colourspace(Enums.Interpretation.Cmyk);
            return inks.JpegsaveBuffer();
        });

        SmallJpeg.TryRead(jpeg, PictureLimits.Default).Should().BeNull();
    }

    [Fact]
    public void TryRead_OfATurnedPicture_IsLeftToLibvipsUnlessTurnsAreIgnored()
    {
        var jpeg = PictureFiles.Encode(37, 23, static x =>
        {
            using var turned = x.Mutate(static m => m.Set(GValue.GIntType, "orientation", 6));
            return turned.JpegsaveBuffer();
        });

        SmallJpeg.TryRead(jpeg, PictureLimits.Default).Should().BeNull();
        SmallJpeg.TryRead(jpeg, PictureLimits.Default with { IgnoreOrientation = true })!.Width.Should().Be(37);
    }

    [Fact]
    public void TryRead_OfAPictureCutAnywhere_IsLeftToLibvips()
    {
        var jpeg = PictureFiles.Encode(37, 23, Writer("plain"));

        // Its last two bytes say that it ends: no pixel is in them.
        for (var length = 0; length < jpeg.Length - 2; length++) SmallJpeg.TryRead(jpeg.AsSpan(0, length), PictureLimits.Default).Should().BeNull($"{length} of {jpeg.Length} bytes are there");
    }

    [Fact]
    public void TryRead_OfAPictureThatLacksItsMiddle_IsLeftToLibvips()
    {
        var jpeg = PictureFiles.Encode(200, 160, Writer("plain"));
        jpeg = [.. jpeg[..(jpeg.Length / 2)], .. jpeg[(jpeg.Length * 3 / 4)..]];

        SmallJpeg.TryRead(jpeg, PictureLimits.Default).Should().BeNull();
        PictureDecoder.Decode(jpeg).Should().BeOfType<PictureFailure>().Which.Code.Should().Be(PictureCodes.DecodeError);
    }

    private static Func<Image, byte[]> Writer(string kind) => picture =>
    {
        using var grey = kind == "grey" ? picture.Colourspace(Enums.Interpretation.Bw) : null;
        return (grey ?? picture).JpegsaveBuffer(
            interlace: kind.Contains("progressive", StringComparison.Ordinal),
            subsampleMode: kind.Contains("subsampled", StringComparison.Ordinal) ? Enums.ForeignSubsample.On : Enums.ForeignSubsample.Off,
            restartInterval: kind == "restarts" ? 2 : null,
            profile: kind == "profile" ? "p3" : null);
    };
}
