using Dpvr.Dashboard.Live;

namespace Dpvr.Dashboard.Tests.Live;

public sealed class SharedPollTests
{
    private readonly ManualTime _time = new();
    private int _reads;

    [Fact]
    public async Task Watch_WhenTwoWatchTheSame_LooksOnceForBoth()
    {
        var poll = Poll();
        var (first, second) = (new Told(), new Told());
        using var a = poll.Watch("job", first.Take);
        (await first.NextAsync()).Should().Be(1);
        using var b = poll.Watch("job", second.Take);
        (await second.NextAsync()).Should().Be(1, "what was seen last is told at once");

        _time.Advance(TimeSpan.FromSeconds(1));

        (await first.NextAsync()).Should().Be(2);
        (await second.NextAsync()).Should().Be(2);
        _reads.Should().Be(2);
    }

    [Fact]
    public async Task Watch_WhenWhatWasSeenLastIsToldLate_TellsTheOlderFirst()
    {
        var poll = Poll();
        var (first, second) = (new Told(), new Told());
        using var a = poll.Watch("job", first.Take);
        await first.NextAsync();
        using var go = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var b = poll.Watch("job", seen =>
        {
            begun.TrySetResult();
            if (seen.Value == 1) go.Wait();
            second.Take(seen);
        });
        await begun.Task;

        var advanced = Task.Run(() => _time.Advance(TimeSpan.FromSeconds(1))); // what waits for the clock goes on within it
        (await first.NextAsync()).Should().Be(2);
        go.Set();
        await advanced;

        (await second.NextAsync()).Should().Be(1);
        (await second.NextAsync()).Should().Be(2);
    }

    [Fact]
    public async Task Dispose_WhenNobodyIsLeft_EndsLooking()
    {
        var poll = Poll();
        var told = new Told();
        var watch = poll.Watch("job", told.Take);
        await told.NextAsync();

        watch.Dispose();

        poll.Count.Should().Be(0);
    }

    [Fact]
    public async Task Watch_WhenALookFails_TellsAndTriesAgain()
    {
        var poll = new SharedPoll<string, int>((_, _) => ++_reads == 1 ? throw new TimeoutException() : Task.FromResult(7), static _ => false, TimeSpan.FromSeconds(1), _time);
        var told = new Told();
        using var watch = poll.Watch("job", told.Take);
        (await told.FaultAsync()).Should().BeOfType<TimeoutException>();

        _time.Advance(TimeSpan.FromSeconds(1));

        (await told.NextAsync()).Should().Be(7);
    }

    [Fact]
    public async Task Nudge_WhenWhatWasSeenIsFinal_LooksAgain()
    {
        var poll = new SharedPoll<string, int>((_, _) => Task.FromResult(++_reads), static _ => true, TimeSpan.FromSeconds(1), _time);
        var told = new Told();
        using var watch = poll.Watch("job", told.Take);
        (await told.NextAsync()).Should().Be(1);

        poll.Nudge("job");

        (await told.NextAsync()).Should().Be(2);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Watch_WhenALookTakesLong_RestsByWhatIsLeftToRead(bool isPartial)
    {
        // A look takes 100 ms: 2 s of rest, 300 ms while it reads in pieces.
        var poll = new SharedPoll<string, int>((_, _) => Task.FromResult(LookFor(TimeSpan.FromMilliseconds(100))), static _ => false, TimeSpan.FromMilliseconds(200), _time, _ => isPartial);
        var told = new Told();
        using var watch = poll.Watch("job", told.Take);
        (await told.NextAsync()).Should().Be(1);

        _time.Advance(TimeSpan.FromMilliseconds(300));
        if (!isPartial)
        {
            _reads.Should().Be(1, "it rests for twenty times its time");
            _time.Advance(TimeSpan.FromMilliseconds(1700));
        }

        (await told.NextAsync()).Should().Be(2);
    }

    private int LookFor(TimeSpan time)
    {
        _time.Pass(time);
        return ++_reads;
    }

    private SharedPoll<string, int> Poll() => new((_, _) => Task.FromResult(Interlocked.Increment(ref _reads)), static _ => false, TimeSpan.FromSeconds(1), _time);

    private sealed class Told
    {
        private readonly System.Threading.Channels.Channel<Seen<int>> _seen = System.Threading.Channels.Channel.CreateUnbounded<Seen<int>>();

        public void Take(Seen<int> seen) => _seen.Writer.TryWrite(seen);

        public async Task<int> NextAsync() => (await _seen.Reader.ReadAsync(TestContext.Current.CancellationToken)).Value;

        public async Task<Exception?> FaultAsync() => (await _seen.Reader.ReadAsync(TestContext.Current.CancellationToken)).Fault;
    }
}
