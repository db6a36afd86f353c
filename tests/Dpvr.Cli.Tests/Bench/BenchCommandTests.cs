using System.Text.Json;

namespace Dpvr.Cli.Tests.Bench;

public sealed class BenchCommandTests(TinyModel model) : IClassFixture<TinyModel>
{
    [Fact]
    public async Task BenchPipeline_OverAFolder_TimesBothOverEveryPictureAndMakesTheSameTokens()
    {
        using var folder = new TempFolder();
        await CommandLine.RunAsync("scenes", "generate", folder.Of("in"), "--count", "6", "--size", "64");

        var run = await CommandLine.RunAsync("bench", "pipeline", folder.Of("in"), "--model", model.Folder, "--max-new-tokens", "4", "--threads", "1", "--runs", "2", "--json");

        run.Code.Should().Be(ExitCode.Ok, run.Error);
        var rows = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        rows.Should().HaveCount(2).And.AllSatisfy(row =>
        {
            row.GetProperty("Images").GetInt32().Should().Be(6);
            var (engine, pipeline) = (row.GetProperty("Engine"), row.GetProperty("Pipeline"));
            engine.GetProperty("Tokens").GetInt64().Should().BePositive().And.Be(pipeline.GetProperty("Tokens").GetInt64());
            foreach (var side in (JsonElement[])[engine, pipeline])
                foreach (var cost in (string[])["Seconds", "CpuSeconds"])
                    side.GetProperty(cost).GetDouble().Should().BePositive();
        });
    }

    [Fact]
    public async Task BenchPipeline_WhenNoPictureCanBeRead_SaysSo()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.Of("in"));
        File.WriteAllText(folder.Of("in", "page.jpg"), "<html></html>");

        var run = await CommandLine.RunAsync("bench", "pipeline", folder.Of("in"), "--model", model.Folder, "--threads", "1");

        run.Code.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("has no picture that can be read");
    }

    [Fact]
    public async Task BenchPipeline_WhenThereIsNoPicture_SaysSo()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.Of("in"));

        var run = await CommandLine.RunAsync("bench", "pipeline", folder.Of("in"), "--model", model.Folder, "--threads", "1");

        run.Code.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("has no picture that can be read");
    }

    [Fact]
    public async Task BenchMachine_Always_TellsWhatItMeasured()
    {
        var run = await CommandLine.RunAsync("bench", "machine", "--device", "cpu", "--threads", "1", "--json");

        run.Code.Should().Be(ExitCode.Ok, run.Error);
        var row = JsonDocument.Parse(run.Out).RootElement;
        row.GetProperty("Processor").GetString().Should().NotBeNullOrEmpty();
        foreach (var figure in (string[])["SingleGflops", "PackedGflops", "HalfGflops", "ReadGigabytesPerSecond"]) row.GetProperty(figure).GetDouble().Should().BePositive();
    }

    [Fact]
    public async Task BenchTraining_Always_TimesAStepAndAForwardPass()
    {
        var run = await CommandLine.RunAsync("bench", "training", "--shape", "tiny", "--batch-size", "2", "--runs", "2", "--threads", "1", "--json");

        run.Code.Should().Be(ExitCode.Ok, run.Error);
        var rows = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        rows.Should().HaveCount(2).And.AllSatisfy(row =>
        {
            row.GetProperty("Tokens").GetInt32().Should().Be(120);
            row.GetProperty("Ratio").GetDouble().Should().BePositive();
            row.GetProperty("StateBytes").GetInt64().Should().Be(3 * 4 * (4 * 64 * 64 + 3 * 64 * 128 + 2 * 64));
        });
    }

    [Fact]
    public async Task BenchEngine_ForAShapeWithoutACheckpoint_MeasuresIt()
    {
        var run = await CommandLine.RunAsync("bench", "engine", "--shape", "tiny", "--batch-size", "2", "--images", "2", "--new-tokens", "4", "--runs", "1", "--threads", "1", "--json");

        run.Code.Should().Be(ExitCode.Ok, run.Error);
        run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("PromptTokens").GetInt32()).Should().Equal(56, 56);
    }

    [Fact]
    public async Task BenchEngine_ForTwoRoutings_ShowsARowForEach()
    {
        var run = await CommandLine.RunAsync("bench", "engine", "--model", model.Folder, "--routing", "dense", "withdraw", "--batch-size", "2", "--images", "2", "--new-tokens", "4", "--runs", "1", "--threads", "1");

        run.Code.Should().Be(ExitCode.Ok, run.Error);
        run.Out.Should().Contain("dense").And.Contain("withdraw").And.Contain("images/s");
    }
}
