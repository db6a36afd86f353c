using System.Text.Json;
using Dpvr.TestKit.Processes;

namespace Dpvr.Cli.Tests;

/// <summary>
/// kill -9 at any moment, and the same command again goes on: the real program, killed at seeded random moments (early in its
/// start, while it plans, computes, commits, assembles), until the kills are used up. After each job every picture has exactly one result.
/// </summary>
public sealed class KillTests(TinyModel model, ITestOutputHelper log) : IClassFixture<TinyModel>
{
    private const int Kills = 30;
    private const int Pictures = 240;
    private static readonly TimeSpan LatestEarlyKill = TimeSpan.FromSeconds(1.5);

    [Fact]
    public async Task Caption_KilledThirtyTimes_EveryPictureHasExactlyOneResult()
    {
        Assert.SkipUnless(DpvrProcess.Missing is null, DpvrProcess.Missing ?? "");
        using var folder = new TempFolder();
        await CommandLine.RunAsync("scenes", "generate", folder.Of("in"), "--count", $"{Pictures}", "--size", "56", "--format", "png");
        var random = new Random(20261125);
        int kills = 0, jobs = 0;

        while (kills < Kills)
        {
            var output = folder.Of($"out-{++jobs}");
            while (kills < Kills)
            {
                using var run = Start(folder, output);
                if (!await WaitForMomentAsync(run, output, random)) break;
                run.Kill();
                kills++;
                await run.EndAsync();
            }
            await FinishAndCheckAsync(folder, output);
        }
        log.WriteLine($"{kills} kills in {jobs} jobs");
        kills.Should().Be(Kills);
    }

    /// <summary>Every third kill comes soon after the start, the others after some more shards were committed. False when the run ended first.</summary>
    private static async Task<bool> WaitForMomentAsync(DpvrProcess run, string output, Random random)
    {
        if (random.Next(3) == 0)
        {
            await WaitUntilAsync(run, () => false, random.NextDouble() * LatestEarlyKill);
            return !run.HasEnded;
        }
        var wanted = Committed(output) + random.Next(1, 3);
        await WaitUntilAsync(run, () => Committed(output) >= wanted, TimeSpan.FromMinutes(2));
        await WaitUntilAsync(run, () => false, random.NextDouble() * TimeSpan.FromMilliseconds(60));
        return !run.HasEnded;
    }

    private static async Task WaitUntilAsync(DpvrProcess run, Func<bool> holds, TimeSpan most)
    {
        using var patience = new CancellationTokenSource(most);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        try
        {
            while (!run.HasEnded && !holds() && await timer.WaitForNextTickAsync(patience.Token)) { }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task FinishAndCheckAsync(TempFolder folder, string output)
    {
        using var last = Start(folder, output);
        var end = await last.EndAsync();
        end.Code.Should().Be((int)ExitCode.Ok, end.Out + end.Error);

        var ids = File.ReadLines(Path.Combine(output, "captions.jsonl")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("custom_id").GetString()!).ToList();
        ids.Should().Equal(Directory.GetFiles(folder.Of("in"), "test-*").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        var verify = await CommandLine.RunAsync("verify", output);
        verify.Code.Should().Be(ExitCode.Ok, verify.Out);
    }

    private DpvrProcess Start(TempFolder folder, string output) =>
        DpvrProcess.Start("caption", folder.Of("in"), "--output", output, "--model", model.Folder, "--max-new-tokens", "8", "--threads", "1", "--batch-size", "4", "--json");

    private static int Committed(string output)
    {
        var jobs = Path.Combine(output, ".dpvr", "jobs");
        if (!Directory.Exists(jobs)) return 0;
        try
        {
            return Directory.EnumerateDirectories(jobs).Select(job => Path.Combine(job, "done")).Where(Directory.Exists)
                .Sum(done => Directory.EnumerateFiles(done, "*.json", SearchOption.AllDirectories).Count());
        }
        catch (DirectoryNotFoundException)
        {
            return 0; // removed while it was listed
        }
    }
}
