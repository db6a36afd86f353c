using Dpvr.Model.Checkpoints;
using Dpvr.Model.Pictures;

namespace Dpvr.Model.Tests.Pictures;

public sealed class ImageProcessorTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dpvr-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("""{"size": 32, "crop_size": 32}""", 32)]
    [InlineData("""{"size": {"shortest_edge": 32}, "crop_size": {"height": 28, "width": 28}}""", 28)]
    [InlineData("""{"size": {"height": 32, "width": 32}, "do_center_crop": false}""", 32)]
    [InlineData("""{"size": {"shortest_edge": 48}}""", 48)]
    [InlineData("{}", 224)]
    public void Load_WhenSizeHasAnyOfItsShapes_ReadsIt(string json, int size)
    {
        Write(json);

        ImageProcessor.Load(folder).Size.Should().Be(size);
    }

    [Theory]
    [InlineData("""{"size": {"height": 32, "width": 40}}""", "size")]
    [InlineData("""{"size": 32, "crop_size": 40}""", "crop_size")]
    [InlineData("""{"size": 0}""", "size")]
    [InlineData("""{"resample": 2}""", "resample")]
    [InlineData("""{"do_resize": false}""", "do_resize")]
    [InlineData("""{"size": 32, "do_center_crop": false}""", "do_center_crop")]
    [InlineData("""{"image_std": [0.2, 0, 0.2]}""", "image_std")]
    [InlineData("""{"image_mean": [0.2, 0.3]}""", "image_mean")]
    [InlineData("""{"size": "big"}""", "size")]
    [InlineData("not json", "preprocessor_config.json")]
    [InlineData("[]", "preprocessor_config.json")]
    public void Load_WhenConfigIsNotSupported_NamesTheField(string json, string field)
    {
        Write(json);

        var load = () => ImageProcessor.Load(folder);

        load.Should().Throw<CheckpointException>().Which.Message.Should().Contain(field);
    }

    [Fact]
    public void Load_WhenFileIsMissing_NamesIt()
    {
        var load = () => ImageProcessor.Load(folder);

        load.Should().Throw<CheckpointException>().Which.Message.Should().Contain("preprocessor_config.json");
    }

    [Fact]
    public void Save_ThenLoad_GivesTheSameValues()
    {
        var processor = new ImageProcessor(8, [0.5, 0.25, 0.75], [0.5, 0.1, 0.2]);
        var picture = Picture(11, 9);

        processor.Save(folder);
        var loaded = ImageProcessor.Load(folder);

        loaded.Background.Should().Be(((byte)127, (byte)63, (byte)191));
        loaded.Normalise(loaded.Resize(picture, PictureFit.PadToSquare)).Should().Equal(processor.Normalise(processor.Resize(picture, PictureFit.PadToSquare)));
    }

    [Fact]
    public void Normalise_WhenFlagsAreOff_LeavesOutTheirSteps()
    {
        Write("""{"size": 2, "do_rescale": false, "do_normalize": false}""");
        byte[] planes = [.. Enumerable.Range(0, 12).Select(x => (byte)(x * 20))];

        ImageProcessor.Load(folder).Normalise(planes).Should().Equal(planes.Select(x => (float)x));
    }

    [Fact]
    public void Normalise_OfABatch_EqualsEachAlone()
    {
        var processor = new ImageProcessor(8);
        byte[][] pictures = [processor.Resize(Picture(20, 9), PictureFit.CenterCrop), processor.Resize(Picture(7, 9), PictureFit.CenterCrop)];
        var batch = new float[2 * processor.PictureLength];

        processor.Normalise(pictures, batch);

        batch.Should().Equal([.. processor.Normalise(pictures[0]), .. processor.Normalise(pictures[1])]);
    }

    [Fact]
    public void Resize_WhenSizeIsFixed_KeepsNoAspect()
    {
        Write("""{"size": {"height": 8, "width": 8}}""");
        var picture = Picture(16, 4);
        var plain = BicubicResize.Resize(picture.Pixels, 16, 4, 8, 8);

        var got = ImageProcessor.Load(folder).Resize(picture, PictureFit.CenterCrop);

        got.Should().Equal(Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Range(0, 64).Select(i => plain[i * 3 + channel])));
    }

    [Theory]
    [InlineData(1, 60_000)]
    [InlineData(60_000, 1)]
    [InlineData(3, 3)]
    public void Resize_WhenAspectIsExtreme_ReturnsTheSquare(int width, int height)
    {
        var picture = new DecodedPicture(Enumerable.Repeat((byte)9, width * height * 3).ToArray(), width, height, "test");

        new ImageProcessor(56).Resize(picture, PictureFit.CenterCrop).Should().HaveCount(3 * 56 * 56).And.OnlyContain(x => x == 9);
        new ImageProcessor(56).Resize(picture, PictureFit.PadToSquare).Should().HaveCount(3 * 56 * 56);
    }

    private static DecodedPicture Picture(int width, int height) => new(PictureFiles.Pattern(width, height), width, height, "test");

    private void Write(string json) => File.WriteAllText(Path.Combine(folder, "preprocessor_config.json"), json);
}
