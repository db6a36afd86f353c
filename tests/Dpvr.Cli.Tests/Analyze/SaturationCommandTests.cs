using System.Globalization;
using System.Text.Json;
using Dpvr.Model.Pictures;

namespace Dpvr.Cli.Tests.Analyze;

public sealed class SaturationCommandTests(TinyModel model) : IClassFixture<TinyModel>
{
    [Fact]
    public async Task Run_OnScenes_WritesTableCurveAndPlot()
    {
        using var folder = new TempFolder();
        var run = await Saturation("--scenes", "5", "--output", folder.Of("out"), "--batch-size", "2");
        (run.Code, run.Error).Should().Be((ExitCode.Ok, ""));
        run.Out.Should().Contain("5/5 pictures").And.Contain("Rule: the first layer s such that layers s to 4, at least 2 of them, all stay within 0.01 of their mean.");

        using var report = JsonDocument.Parse(File.ReadAllText(folder.Of("out", "saturation.json")));
        double[] curve = [.. report.RootElement.GetProperty("textToImageAttention").EnumerateArray().Select(v => v.GetDouble())];
        curve.Should().HaveCount(6).And.OnlyContain(v => v > 0 && v < 1);
        string[] csv = File.ReadAllLines(folder.Of("out", "saturation.csv"));
        csv[0].Should().Be("layer,text_to_image_attention,deviation");
        csv[1..].Select(l => double.Parse(l.Split(',')[1], CultureInfo.InvariantCulture)).Should().Equal(curve, (a, b) => Math.Abs(a - b) < 1e-5);
        PictureDecoder.Decode(File.ReadAllBytes(folder.Of("out", "saturation.png"))).Should().BeOfType<DecodedPicture>().Which.Width.Should().Be(1000);
    }

    [Theory, InlineData("0.9", true), InlineData("0", false)]
    public async Task Run_ByTheTolerance_SuggestsALayerOrSaysThatThereIsNone(string tolerance, bool found)
    {
        using var folder = new TempFolder();
        var run = await Saturation("--scenes", "2", "--output", folder.Path, "--tolerance", tolerance);
        run.Code.Should().Be(ExitCode.Ok);
        run.Out.Contains("Suggested saturation layer: 1 of 6", StringComparison.Ordinal).Should().Be(found);
        run.Out.Contains("No such layer", StringComparison.Ordinal).Should().Be(!found);
    }

    [Fact]
    public async Task Run_OnAFolder_MeasuresWhatCanBeReadAndTellsWhatCannot()
    {
        using var folder = new TempFolder();
        var pictures = Path.Combine(Repository.Root, "tests", "golden", "images", "files");
        Directory.CreateDirectory(folder.Of("in", "below"));
        File.Copy(Path.Combine(pictures, "photo_333x217.png"), folder.Of("in", "a.png"));
        File.Copy(Path.Combine(pictures, "cmyk_110x75.jpg"), folder.Of("in", "below", "b.jpg"));
        File.WriteAllText(folder.Of("in", "c.jpg"), "no picture");

        var run = await Saturation("--images", folder.Of("in"), "--output", folder.Of("out"), "--json");
        run.Code.Should().Be(ExitCode.ItemsFailed);
        run.Error.Should().Contain("c.jpg: unsupported_format");
        using var report = JsonDocument.Parse(run.Out);
        (report.RootElement.GetProperty("count").GetInt32(), report.RootElement.GetProperty("failed").GetInt32()).Should().Be((2, 1));

        var limited = await Saturation("--images", folder.Of("in"), "--limit", "1", "--output", folder.Of("out"), "--json");
        limited.Code.Should().Be(ExitCode.Ok);
    }

    [Theory]
    [InlineData("--images: '/no/such/folder' does not exist", "--images", "/no/such/folder")]
    [InlineData("--scenes: contradicts --images", "--images", ".", "--scenes", "3")]
    [InlineData("--limit: is for --images", "--limit", "3")]
    [InlineData("--scenes: '0' is not allowed", "--scenes", "0")]
    [InlineData("--prompt: ", "--prompt", "<image> <image>")]
    public async Task Run_WithWhatCannotBe_RefusesAndSaysWhatIsAllowed(string message, params string[] args)
    {
        using var folder = new TempFolder();
        var run = await Saturation([.. args, "--output", folder.Path]);
        run.Code.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain(message);
    }

    [Fact]
    public async Task Run_OnAFolderWithoutPictures_Refuses()
    {
        using var folder = new TempFolder();
        var empty = await Saturation("--images", folder.Path, "--output", folder.Of("out"));
        (empty.Code, empty.Error).Should().Be((ExitCode.Usage, $"dpvr: --images: '{folder.Path}' holds no pictures; allowed: a folder with some.\n"));
        File.WriteAllText(folder.Of("a.jpg"), "no picture");
        var none = await Saturation("--images", folder.Path, "--output", folder.Of("out"));
        none.Code.Should().Be(ExitCode.JobFailed);
        none.Error.Should().Contain("a.jpg: unsupported_format").And.Contain("none of the 1 pictures can be read");
    }

    private Task<CommandLine> Saturation(params string[] args) => CommandLine.RunAsync(["analyze", "saturation", "--model", model.Folder, "--threads", "1", .. args]);
}
