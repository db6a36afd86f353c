namespace Dpvr.Cli.Tests;

public sealed class DpvrCommandLineTests
{
    [Fact]
    public async Task RunAsync_WithoutArguments_ShowsHelpAndIsAUsageError()
    {
        var run = await CommandLine.RunAsync();

        run.Code.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("Examples:").And.Contain("dpvr caption photos");
        run.Out.Should().BeEmpty();
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("caption", "--help")]
    [InlineData("verify", "--help")]
    [InlineData("scenes", "generate", "--help")]
    public async Task RunAsync_Help_TeachesByExamples(params string[] args)
    {
        var run = await CommandLine.RunAsync(args);

        run.Code.Should().Be(ExitCode.Ok);
        run.Out.Should().Contain("Examples:").And.Contain("  # ");
        run.Error.Should().BeEmpty();
    }

    [Theory]
    [InlineData("capton", "capton", "capton")]
    [InlineData("no folder", "Required argument missing", "caption")]
    [InlineData("batch", "--batch-size: '0' is not allowed; allowed: auto, or a whole number from 1 to 4096.", "caption", ".", "--batch-size", "0")]
    [InlineData("routing", "--routing: 'sparse' is not allowed; allowed: dense, withdraw, dpvr-lf.", "caption", ".", "--routing", "sparse")]
    [InlineData("temperature", "--temperature: 'hot' is not allowed; allowed: a number from 0 to 10.", "caption", ".", "--temperature", "hot")]
    [InlineData("unknown option", "--colour", "caption", ".", "--colour", "red")]
    [InlineData("no such folder", "'/no/such/folder' does not exist", "caption", "/no/such/folder")]
    [InlineData("no such model", "--model: '/no/such/model' does not exist", "caption", ".", "--model", "/no/such/model")]
    [InlineData("no such output", "'/no/such/output' does not exist", "verify", "/no/such/output")]
    [InlineData("twice the name", "two prompts are named 'a'", "caption", ".", "--prompt", "a=x", "--question", "a=y")]
    [InlineData("count", "--count: '-1' is not allowed", "scenes", "generate", "x", "--count", "-1")]
    public async Task RunAsync_WhenSomethingIsRefused_SaysWhatAndWhatIsAllowed(string why, string says, params string[] args)
    {
        var run = await CommandLine.RunAsync(args);

        run.Code.Should().Be(ExitCode.Usage, why);
        run.Error.Should().Contain(says);
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().AllSatisfy(line => line.Should().StartWith("dpvr: "));
        run.Out.Should().BeEmpty();
    }

    [Fact]
    public async Task RunAsync_ScenesGenerate_WritesPicturesAndWhatIsTrueOfThem()
    {
        using var folder = new TempFolder();

        var run = await CommandLine.RunAsync("scenes", "generate", folder.Of("s"), "--count", "4", "--size", "64");

        run.Code.Should().Be(ExitCode.Ok);
        Directory.GetFiles(folder.Of("s"), "test-*").Should().HaveCount(4);
        File.ReadLines(folder.Of("s", "metadata.jsonl")).Should().HaveCount(4);
    }
}
