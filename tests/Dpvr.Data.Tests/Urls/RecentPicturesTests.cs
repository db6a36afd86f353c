using Dpvr.Contracts.Results;
using Dpvr.Data.Sources;
using Dpvr.Data.Urls;

namespace Dpvr.Data.Tests.Urls;

public sealed class RecentPicturesTests
{
    private readonly Clock _clock = new();
    private int _fetched;

    [Fact]
    public async Task GetAsync_WithinHalfAMinute_FetchesOnce()
    {
        var recent = new RecentPictures(_clock);
        await GetAsync(recent, "a", 10);
        _clock.Now += TimeSpan.FromSeconds(29);
        await GetAsync(recent, "a", 10);
        _fetched.Should().Be(1);

        _clock.Now += TimeSpan.FromSeconds(2);
        await GetAsync(recent, "a", 10);

        _fetched.Should().Be(2);
    }

    [Fact]
    public async Task GetAsync_MoreThanMayBeHeld_ForgetsTheOldest()
    {
        var recent = new RecentPictures(_clock, mostBytes: 100);
        await GetAsync(recent, "a", 60);
        await GetAsync(recent, "b", 60);
        await GetAsync(recent, "b", 60);
        await GetAsync(recent, "a", 60);
        await GetAsync(recent, "huge", 101);
        await GetAsync(recent, "huge", 101);

        _fetched.Should().Be(5);
    }

    [Fact]
    public async Task GetAsync_AnError_IsAskedForAgain()
    {
        var recent = new RecentPictures(_clock);
        for (var i = 0; i < 2; i++)
            await recent.GetAsync("a", () =>
            {
                _fetched++;
                return Task.FromResult(SourceBytes.Failed(ErrorCodes.HttpError, "no"));
            }, CancellationToken.None);

        _fetched.Should().Be(2);
    }

    private Task<SourceBytes> GetAsync(RecentPictures recent, string url, int bytes) => recent.GetAsync(url, () =>
    {
        _fetched++;
        return Task.FromResult(SourceBytes.Of(new byte[bytes]));
    }, CancellationToken.None);

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
