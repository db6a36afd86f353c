namespace Dpvr.Dashboard.Tests;

/// <summary>A clock that moves when it is told to. A timer that is made after the clock was moved on rings when its time is over, as any.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_gate) return _now.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new Timer(this, callback, state) { Due = dueTime == Timeout.InfiniteTimeSpan ? null : _now + dueTime };
            _timers.Add(timer);
            return timer;
        }
    }

    /// <summary>Moves on as soon as somebody waits for it.</summary>
    public void Advance(TimeSpan by)
    {
        SpinWait.SpinUntil(() => { lock (_gate) return _timers.Exists(static t => t.Due is not null); }, TimeSpan.FromSeconds(60)).Should().BeTrue("somebody waits for the clock");
        List<Timer> due;
        lock (_gate)
        {
            _now += by;
            due = [.. _timers.Where(t => t.Due <= _now)];
            foreach (var timer in due) timer.Due = null;
        }
        foreach (var timer in due) timer.Ring();
    }

    /// <summary>Moves on without ringing anything: work that takes its time.</summary>
    public void Pass(TimeSpan by)
    {
        lock (_gate) _now += by;
    }

    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan? Due { get; set; }

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate) Due = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime;
            return true;
        }

        public void Dispose()
        {
            lock (time._gate) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
