using Dpvr.Model.Pictures;

namespace Dpvr.Model.Tests.Pictures;

public sealed class ImageProcessorGoldenTests
{
    public static IEnumerable<TheoryDataRow<string, string>> PixelTensors =>
        from stem in PictureGoldens.Stems
        from tensor in PictureGoldens.TensorsOf(stem)
        where tensor.Contains(".u8", StringComparison.Ordinal) && !tensor.StartsWith("clip255.", StringComparison.Ordinal) // "for information only"
        select new TheoryDataRow<string, string>(stem, tensor);

    public static IEnumerable<TheoryDataRow<string>> JpegStems =>
        PictureGoldens.Stems.Where(stem => PictureGoldens.TensorsOf(stem).Contains("decoded_rgb")).Select(stem => new TheoryDataRow<string>(stem));

    public static IEnumerable<TheoryDataRow<string>> ValueStems =>
        PictureGoldens.Stems.Where(stem => PictureGoldens.TensorsOf(stem).Contains("crop.56.pixel_values")).Select(stem => new TheoryDataRow<string>(stem));

    public static IEnumerable<TheoryDataRow<string>> AllStems => PictureGoldens.Stems.Select(stem => new TheoryDataRow<string>(stem));

    [Theory]
    [MemberData(nameof(PixelTensors))]
    public void Resize_OfReferencePicture_EqualsReferenceBitForBit(string stem, string tensor)
    {
        var picture = Picture(stem, ignoreOrientation: tensor.StartsWith("ignore_exif.", StringComparison.Ordinal));
        var parts = tensor.Replace("ignore_exif.", "", StringComparison.Ordinal).Split('.');
        var fit = parts[0] == "pad" ? PictureFit.PadToSquare : PictureFit.CenterCrop;
        var size = int.Parse(parts[1]);

        var got = new ImageProcessor(size).Resize(picture, fit);

        if (parts[2] == "u8_subsampled")
        {
            CheckChannelSums(stem, tensor[..tensor.LastIndexOf('.')], got);
            got = Subsample(got, size);
        }
        var want = PictureGoldens.Read(stem, tensor);
        got.Length.Should().Be(want.Length);
        got.AsSpan().SequenceEqual(want).Should().BeTrue("{0} of {1} values differ", got.Zip(want).Count(x => x.First != x.Second), want.Length);
    }

    [Theory]
    [MemberData(nameof(ValueStems))]
    public void Normalise_OfReferencePicture_EqualsReference(string stem)
    {
        var processor = new ImageProcessor(56);

        var got = processor.Normalise(processor.Resize(Picture(stem, ignoreOrientation: false), PictureFit.CenterCrop));

        var want = PictureGoldens.ReadFloats(stem, "crop.56.pixel_values");
        got.Zip(want).Max(x => Math.Abs(x.First - x.Second)).Should().BeLessThan(1e-5f);
    }

    [Theory]
    [MemberData(nameof(JpegStems))]
    public void Decode_OfReferenceJpeg_IsNearReference(string stem)
    {
        var got = PictureDecoder.Decode(File.ReadAllBytes(PictureGoldens.FileOf(stem))).Should().BeOfType<DecodedPicture>().Subject;

        var want = PictureGoldens.Read(stem, "decoded_rgb");
        got.Rgb.Length.Should().Be(want.Length);
        got.Rgb.Zip(want).Average(x => Math.Abs(x.First - x.Second)).Should().BeLessThanOrEqualTo(1.5);
    }

    [Theory]
    [MemberData(nameof(AllStems))]
    public void Decode_OfReferencePicture_HasItsSizeAndColours(string stem)
    {
        var described = PictureGoldens.Described(stem);
        var jpeg = described.GetProperty("format").GetString() == "JPEG";
        foreach (var variant in described.GetProperty("variants").EnumerateArray())
        {
            var prefix = variant.GetProperty("prefix").GetString();
            if (prefix == "clip255.") continue;

            var limits = new PictureLimits { IgnoreOrientation = prefix == "ignore_exif." };
            var got = PictureDecoder.Decode(File.ReadAllBytes(PictureGoldens.FileOf(stem)), limits).Should().BeOfType<DecodedPicture>().Subject;

            var size = variant.GetProperty("decoded_size_wh");
            (got.Width, got.Height).Should().Be((size[0].GetInt32(), size[1].GetInt32()));
            for (var channel = 0; channel < 3; channel++)
            {
                var sum = got.Rgb.Where((_, i) => i % 3 == channel).Sum(x => (long)x);
                var want = variant.GetProperty("decoded_rgb_sum")[channel].GetInt64();
                Math.Abs(sum - want).Should().BeLessThanOrEqualTo(jpeg ? got.Width * got.Height : 0);
            }
        }
    }

    /// <summary>The picture that preprocessing starts from: the reference's own pixels where decoders may differ.</summary>
    private static DecodedPicture Picture(string stem, bool ignoreOrientation)
    {
        var decoded = PictureDecoder.Decode(File.ReadAllBytes(PictureGoldens.FileOf(stem)), new PictureLimits { IgnoreOrientation = ignoreOrientation })
            .Should().BeOfType<DecodedPicture>().Subject;
        if (!PictureGoldens.TensorsOf(stem).Contains("decoded_rgb")) return decoded;

        var reference = PictureGoldens.Read(stem, "decoded_rgb");
        var orientation = PictureGoldens.Described(stem).GetProperty("exif_orientation").GetInt32();
        return decoded with { Rgb = ignoreOrientation ? TurnBack(reference, decoded.Width, decoded.Height, orientation) : reference };
    }

    /// <summary>Undoes an EXIF orientation: upright pixels back to where they are stored.</summary>
    private static byte[] TurnBack(byte[] upright, int storedWidth, int storedHeight, int orientation)
    {
        var stored = new byte[upright.Length];
        var uprightWidth = orientation > 4 ? storedHeight : storedWidth;
        for (var i = 0; i < upright.Length / 3; i++)
        {
            var (x, y) = ExifOrientation.StoredPlace(i % uprightWidth, i / uprightWidth, storedWidth, storedHeight, orientation);
            upright.AsSpan(i * 3, 3).CopyTo(stored.AsSpan((y * storedWidth + x) * 3));
        }
        return stored;
    }

    private static byte[] Subsample(byte[] planes, int size)
    {
        int[] kept = [.. Enumerable.Range(0, 48).Select(i => 7 * i), size - 1];
        return [.. from channel in Enumerable.Range(0, 3) from y in kept from x in kept select planes[(channel * size + y) * size + x]];
    }

    private static void CheckChannelSums(string stem, string variant, byte[] planes)
    {
        var want = PictureGoldens.Described(stem).GetProperty("stats_336").GetProperty(variant).GetProperty("u8_channel_sums");
        for (var channel = 0; channel < 3; channel++)
            planes.Skip(channel * planes.Length / 3).Take(planes.Length / 3).Sum(x => (long)x).Should().Be(want[channel].GetInt64());
    }
}
