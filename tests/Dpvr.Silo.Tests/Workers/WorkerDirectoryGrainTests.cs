using Dpvr.Contracts.Workers;
using Dpvr.Silo.Workers;

namespace Dpvr.Silo.Tests.Workers;

public sealed class WorkerDirectoryGrainTests
{
    private static readonly DateTimeOffset Since = DateTimeOffset.UnixEpoch;
    private readonly ManualTime _time = new();
    private readonly WorkerDirectoryGrain _directory;

    public WorkerDirectoryGrainTests() => _directory = new WorkerDirectoryGrain(_time);

    [Fact]
    public async Task ListAsync_AfterOneReport_KnowsNoRateYet()
    {
        await ReportAsync(0, 5);

        var entry = (await _directory.ListAsync()).Single();

        (entry.ImagesPerSecond, entry.Earlier).Should().Be((0, null));
    }

    [Fact]
    public async Task ListAsync_AfterManyReports_TellsByOneThatIsTenToTwentySecondsOlder()
    {
        for (var second = 0; second <= 100; second += 2)
        {
            await ReportAsync(second, second < 80 ? second : 80 + 3 * (second - 80));
            if (second < 20) continue;
            var entry = (await _directory.ListAsync()).Single();
            (entry.Report.At - entry.Earlier!.At).TotalSeconds.Should().BeInRange(10, 20);
        }

        (await _directory.ListAsync()).Single().ImagesPerSecond.Should().Be(3, "what was before does not count any more");
    }

    [Fact]
    public async Task ListAsync_WhenAWorkerWasStartedAgain_ForgetsWhatItSaidBefore()
    {
        await ReportAsync(0, 0);
        await ReportAsync(12, 1_000);

        await _directory.ReportAsync(new WorkerReport { Name = "w", Since = Since.AddSeconds(13), At = Since.AddSeconds(14), Images = 0 });

        (await _directory.ListAsync()).Single().Earlier.Should().BeNull();
    }

    [Fact]
    public async Task ListAsync_WhenAWorkerIsSilent_DropsItAfterHalfAMinute()
    {
        await ReportAsync(0, 0);
        _time.Advance(TimeSpan.FromSeconds(29));
        (await _directory.ListAsync()).Single().AgeSeconds.Should().Be(29);

        _time.Advance(TimeSpan.FromSeconds(2));

        (await _directory.ListAsync()).Should().BeEmpty();
    }

    private Task ReportAsync(int second, long images) => _directory.ReportAsync(new WorkerReport { Name = "w", Since = Since, At = Since.AddSeconds(second), Images = images });
}
