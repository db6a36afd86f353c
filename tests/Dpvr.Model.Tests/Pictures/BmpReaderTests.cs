using Dpvr.Model.Pictures;

namespace Dpvr.Model.Tests.Pictures;

public sealed class BmpReaderTests
{
    [Fact]
    public void Read_When24Bits_TurnsRowsAndChannelsRound()
    {
        byte[] rows = [3, 2, 1, 6, 5, 4, 0, 0, 9, 8, 7, 12, 11, 10, 0, 0]; // bottom row first, padded to four bytes

        Good(PictureFiles.Bmp(2, 2, 24, 0, [], rows)).Rgb.Should().Equal(7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6);
        Good(PictureFiles.Bmp(2, -2, 24, 0, [], rows)).Rgb.Should().Equal(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    }

    [Theory]
    [InlineData(1, new byte[] { 0b0100_0000, 0, 0, 0 })]
    [InlineData(4, new byte[] { 0x01, 0x00, 0, 0 })]
    [InlineData(8, new byte[] { 0, 1, 0, 0 })]
    public void Read_WhenPalette_LooksColoursUp(short bits, byte[] row) =>
        Good(PictureFiles.Bmp(3, 1, bits, 0, [30, 20, 10, 0, 60, 50, 40, 0], row)).Rgb.Should().Equal(10, 20, 30, 40, 50, 60, 10, 20, 30);

    [Fact]
    public void Read_When32Bits_DropsAlpha() => Good(PictureFiles.Bmp(1, 1, 32, 0, [], [3, 2, 1, 0])).Rgb.Should().Equal(1, 2, 3);

    [Fact]
    public void Read_When16BitsWithMasks_ScalesChannels() =>
        Good(PictureFiles.Bmp(2, 1, 16, 3, [0, 0xF8, 0, 0, 0xE0, 7, 0, 0, 0x1F, 0, 0, 0], [0x00, 0xF8, 0xE0, 0x07])).Rgb.Should().Equal(255, 0, 0, 0, 255, 0);

    [Fact]
    public void Read_WhenCutAnywhere_SaysDecodeError()
    {
        var bmp = PictureFiles.Bmp(2, 2, 24, 0, [], new byte[14]); // the last row's padding may be missing

        Good(bmp);
        for (var cut = 18; cut < bmp.Length; cut++)
            PictureDecoder.Decode(bmp.AsMemory(0, cut)).Should().BeOfType<PictureFailure>().Which.Code.Should().Be(PictureCodes.DecodeError);
    }

    [Fact]
    public void Read_WhenRunLengthCoded_IsUnsupported() =>
        PictureDecoder.Decode(PictureFiles.Bmp(2, 2, 8, 1, new byte[1024], [2, 1, 0, 1])).Should().BeOfType<PictureFailure>()
            .Which.Code.Should().Be(PictureCodes.UnsupportedFormat);

    private static DecodedPicture Good(byte[] bmp) => PictureDecoder.Decode(bmp).Should().BeOfType<DecodedPicture>().Subject;
}
