using System.Text.Json;
using NetVips;

namespace Dpvr.Scenes.Tests;

public sealed class SceneDatasetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dpvr-scenes-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task WriteAsync_IntoAnEmptyFolder_WritesPicturesAndGroundTruth()
    {
        var options = new SceneDatasetOptions { Start = 10, Count = 6, Size = 64, Conversations = true, Questions = 4 };
        await SceneDataset.WriteAsync(_folder, options, null, TestContext.Current.CancellationToken);

        Names().Should().Equal("conversations.json", "metadata.jsonl", "scenes.json",
            "test-000010.png", "test-000011.jpg", "test-000012.png", "test-000013.jpg", "test-000014.png", "test-000015.jpg");
        using var png = Image.NewFromFile(Path.Combine(_folder, "test-000012.png"));
        png.WriteToMemory<byte>().Should().Equal(SceneRenderer.Render(SceneGenerator.Generate(SceneSplit.Test, 12), 64));
        using var jpeg = Image.NewFromFile(Path.Combine(_folder, "test-000013.jpg"));
        var exact = SceneRenderer.Render(SceneGenerator.Generate(SceneSplit.Test, 13), 64);
        jpeg.WriteToMemory<byte>().Zip(exact, (a, b) => Math.Abs(a - b)).Average().Should().BeLessThan(4);

        var lines = File.ReadAllLines(Path.Combine(_folder, "metadata.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.Should().HaveCount(6);
        for (var i = 0; i < 6; i++)
        {
            lines[i].EnumerateObject().Select(p => p.Name).Should().Equal("file_name", "scene", "reference");
            lines[i].GetProperty("file_name").GetString().Should().Be(SceneDataset.FileName(SceneSplit.Test, 10 + i, SceneFormat.Alternate));
            lines[i].GetProperty("reference").GetProperty("captions").GetProperty("Describe the image.").GetString()
                .Should().Be(SceneCaptions.Write(SceneGenerator.Generate(SceneSplit.Test, 10 + i), CaptionStyle.Short));
            lines[i].GetProperty("reference").GetProperty("questions").GetArrayLength().Should().Be(4);
        }

        var conversations = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "conversations.json"))).RootElement.EnumerateArray().ToList();
        conversations.Should().HaveCount(6 * 7);
        foreach (var conversation in conversations)
        {
            var turns = conversation.GetProperty("conversations").EnumerateArray().ToList();
            turns.Select(t => t.GetProperty("from").GetString()).Should().Equal("human", "gpt");
            turns[0].GetProperty("value").GetString().Should().StartWith("<image>\n");
            File.Exists(Path.Combine(_folder, conversation.GetProperty("image").GetString()!)).Should().BeTrue();
        }
    }

    [Fact]
    public async Task WriteAsync_WhenStoppedAndCalledAgain_GoesOnWhereItWas()
    {
        var options = new SceneDatasetOptions { Count = 8, Size = 32, Format = SceneFormat.Png };
        using (var stop = new CancellationTokenSource())
        {
            var write = () => SceneDataset.WriteAsync(_folder, options, new StopAt(3, stop), stop.Token);
            await write.Should().ThrowAsync<OperationCanceledException>();
        }
        File.Exists(Path.Combine(_folder, "metadata.jsonl")).Should().BeFalse("ground truth is written when all pictures are there");
        var first = Directory.GetFiles(_folder, "*.png").Order().First();
        var bytes = File.ReadAllBytes(first);
        File.WriteAllBytes(first, [.. bytes, 0]); // shows whether it is written anew

        await SceneDataset.WriteAsync(_folder, options, null, TestContext.Current.CancellationToken);
        Names().Should().HaveCount(10).And.NotContain(name => name.EndsWith(".partial"));
        File.ReadAllBytes(first).Should().HaveCount(bytes.Length + 1, "a finished picture is left alone");
    }

    [Fact]
    public async Task WriteAsync_WithOtherOptions_RefusesToMix()
    {
        await SceneDataset.WriteAsync(_folder, new SceneDatasetOptions { Count = 1, Size = 32 }, null, TestContext.Current.CancellationToken);
        var other = () => SceneDataset.WriteAsync(_folder, new SceneDatasetOptions { Count = 1, Size = 64 });
        await other.Should().ThrowAsync<InvalidOperationException>().WithMessage("*other options*");
    }

    [Theory]
    [InlineData(0, 224, "Count*0*")]
    [InlineData(1, 5000, "Size*5000*32 to 4096*")]
    public async Task WriteAsync_WithAnOptionOutOfRange_NamesIt(int count, int size, string message)
    {
        var write = () => SceneDataset.WriteAsync(_folder, new SceneDatasetOptions { Count = count, Size = size });
        await write.Should().ThrowAsync<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void Encode_OfTheShippedSamples_GivesTheirPixels()
    {
        // The samples are this generator's test scenes 0 to 63; pixels are compared, since encoders may change their bytes.
        var samples = Path.Combine(Root(), "samples", "scenes");
        foreach (var (scene, fileName) in SceneDataset.Scenes(new SceneDatasetOptions()))
        {
            using var image = Image.NewFromFile(Path.Combine(samples, fileName));
            var difference = image.WriteToMemory<byte>().Zip(SceneRenderer.Render(scene, 224), (a, b) => Math.Abs(a - b)).Average();
            difference.Should().BeLessThanOrEqualTo(fileName.EndsWith(".png") ? 0 : 3, fileName);
        }
        File.ReadAllLines(Path.Combine(samples, SceneDataset.MetadataFile)).Should().HaveCount(64);
        Directory.GetFiles(samples).Sum(path => new FileInfo(path).Length).Should().BeLessThan(2_000_000);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Dpvr.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private string[] Names() => [.. Directory.GetFiles(_folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private sealed class StopAt(int count, CancellationTokenSource stop) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value == count)
                stop.Cancel();
        }
    }
}
