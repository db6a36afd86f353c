using Dpvr.TestKit.Processes;

namespace Dpvr.Cli.Tests;

/// <summary>Ctrl-C and SIGTERM, to the real program.</summary>
public sealed class InterruptTests(TinyModel model) : IClassFixture<TinyModel>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Caption_Interrupted_KeepsWhatIsDoneSaysHowToGoOnAndGoesOn(bool terminate)
    {
        Assert.SkipUnless(DpvrProcess.Missing is null, DpvrProcess.Missing ?? "");
        using var folder = new TempFolder();
        await CommandLine.RunAsync("scenes", "generate", folder.Of("in"), "--count", "400", "--size", "56", "--format", "png");
        using var run = Start(folder);

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!run.HasEnded && !Directory.Exists(folder.Of("out", ".dpvr", "jobs")) && await timer.WaitForNextTickAsync()) { }
        if (terminate) run.Terminate();
        else run.Interrupt();
        var end = await run.EndAsync();
        using var again = Start(folder);
        var finished = await again.EndAsync();

        end.Code.Should().Be((int)ExitCode.Interrupted, end.Out + end.Error);
        end.Out.Should().Contain("The same command again goes on from here");
        finished.Code.Should().Be((int)ExitCode.Ok, finished.Out + finished.Error);
        File.ReadLines(folder.Of("out", "captions.jsonl")).Should().HaveCount(400);
    }

    [Theory]
    [InlineData("bench", "engine", "begins anew")]
    [InlineData("scenes", "generate", "goes on from here")]
    public async Task Command_Interrupted_SaysTrulyWhatTheSameCommandDoesAgain(string group, string name, string then)
    {
        Assert.SkipUnless(DpvrProcess.Missing is null, DpvrProcess.Missing ?? "");
        using var folder = new TempFolder();
        string[] args = name == "engine"
            ? ["--shape", "tiny", "--threads", "1", "--batch-size", "1", "--runs", "1000", "--json"]
            : [folder.Of("scenes"), "--count", "200000", "--size", "64"]; // more than it comes to before the signal
        using var run = DpvrProcess.Start([group, name, .. args]);

        await run.WaitForLineAsync(line => line.Length > 0);
        run.Interrupt();
        var end = await run.EndAsync();

        end.Code.Should().Be((int)ExitCode.Interrupted, end.Out + end.Error);
        end.Error.Should().Contain($"interrupted; the same command again {then}.");
    }

    private DpvrProcess Start(TempFolder folder) =>
        DpvrProcess.Start("caption", folder.Of("in"), "--output", folder.Of("out"), "--model", model.Folder, "--max-new-tokens", "64", "--threads", "1", "--batch-size", "1");
}
