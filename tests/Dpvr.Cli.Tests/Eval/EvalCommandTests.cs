using System.Text.Json;

namespace Dpvr.Cli.Tests.Eval;

public sealed class EvalCommandTests(TinyModel model) : IClassFixture<TinyModel>
{
    [Fact]
    public async Task Run_WithoutASideBranch_ComparesDenseAndWithdraw()
    {
        using var folder = new TempFolder();
        var run = await Eval("--output", folder.Of("new", "report.json"), "--batch-size", "4");
        (run.Code, run.Error).Should().Be((ExitCode.Ok, ""));
        run.Out.Should().Contain("dense").And.Contain("withdraw (s = 3)").And.NotContain("dpvr-lf").And.Contain("4 scenes of the test split from 0");

        using var report = JsonDocument.Parse(File.ReadAllText(folder.Of("new", "report.json")));
        var routings = report.RootElement.GetProperty("routings");
        routings.GetArrayLength().Should().Be(2);
        foreach (var routing in routings.EnumerateArray())
        {
            var score = routing.GetProperty("score");
            score.GetProperty("captionsTrue").GetProperty("n").GetInt32().Should().Be(12);
            score.GetProperty("answers").GetProperty("n").GetInt32().Should().Be(4);
            score.GetProperty("captionFacts").GetProperty("high").GetDouble().Should().BeInRange(0.0001, 1);
            score.GetProperty("failed").GetInt32().Should().Be(0);
            routing.GetProperty("imagesPerSecond").GetDouble().Should().BePositive();
        }
        // tiny-a: 16 vision tokens, 6 layers, keys and values of 4 heads of 12 in float32
        routings[0].GetProperty("keyValueBytesPerImage").GetInt64().Should().Be(16 * 6 * 2 * 48 * 4);
        routings[1].GetProperty("keyValueBytesPerImage").GetInt64().Should().Be(16 * 3 * 2 * 48 * 4);
        routings[1].GetProperty("decoderPrefillFlops").GetDouble().Should().BeLessThan(routings[0].GetProperty("decoderPrefillFlops").GetDouble());
    }

    [Fact]
    public async Task Run_WithASideBranchThatChangesNothing_SaysTheSameAsDense()
    {
        using var folder = new TempFolder();
        foreach (var file in Directory.EnumerateFiles(model.Folder)) File.Copy(file, folder.Of(Path.GetFileName(file)));
        var golden = Path.Combine(Repository.Root, "tests", "golden", "tiny-a", "dpvr");
        File.Copy(Path.Combine(golden, "identity_config.json"), folder.Of("dpvr_config.json"));
        File.Copy(Path.Combine(golden, "identity_side_branch.safetensors"), folder.Of("dpvr.safetensors"));

        var run = await CommandLine.RunAsync("eval", "--model", folder.Path, "--scenes", "3", "--questions", "2", "--max-new-tokens", "6", "--threads", "1", "--json");
        run.Code.Should().Be(ExitCode.Ok);
        using var report = JsonDocument.Parse(run.Out);
        var routings = report.RootElement.GetProperty("routings");
        routings.EnumerateArray().Select(r => r.GetProperty("routing").GetString()).Should().Equal("dense", "withdraw", "dpvr-lf");
        routings[2].GetProperty("saturation").GetInt32().Should().Be(5);
        var same = routings[2].GetProperty("sameAsDense");
        (same.GetProperty("right").GetInt32(), same.GetProperty("n").GetInt32()).Should().Be((15, 15));
        routings[0].GetProperty("sameAsDense").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task Run_Twice_FindsTheSameWhateverTheBatch()
    {
        async Task<string> Scores(string batch)
        {
            var run = await Eval("--json", "--routing", "dense", "--batch-size", batch);
            using var report = JsonDocument.Parse(run.Out);
            return report.RootElement.GetProperty("routings")[0].GetProperty("score").GetRawText();
        }
        (await Scores("1")).Should().Be(await Scores("8"));
    }

    [Theory]
    [InlineData("--routing: 'sparse' is not allowed; allowed: dense, withdraw, dpvr-lf", "--routing", "dense,sparse")]
    [InlineData("needs a side branch", "--routing", "dpvr-lf")]
    [InlineData("--saturation: The saturation layer of 'withdraw' is between 1 and 5", "--routing", "withdraw", "--saturation", "6")]
    [InlineData("--scenes: '0' is not allowed", "--scenes", "0")]
    [InlineData("--split: 'tst' is not allowed", "--split", "tst")]
    public async Task Run_WithWhatCannotBe_RefusesAndSaysWhatIsAllowed(string message, params string[] args)
    {
        var run = await Eval(args);
        run.Code.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain(message);
    }

    [Fact]
    public async Task Help_Always_TeachesByExamples() => (await CommandLine.RunAsync("eval", "--help")).Out.Should().Contain("Examples:").And.Contain("dpvr eval --output report.json");

    private Task<CommandLine> Eval(params string[] args) =>
        CommandLine.RunAsync(["eval", "--model", model.Folder, .. args.Contains("--scenes") ? (string[])[] : ["--scenes", "4"], "--questions", "1", "--max-new-tokens", "6", "--threads", "1", .. args]);
}
