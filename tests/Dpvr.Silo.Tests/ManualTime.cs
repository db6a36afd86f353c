namespace Dpvr.Silo.Tests;

/// <summary>A clock that goes only when told to.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _ticks;
    private long _jump;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50).AddTicks(GetTimestamp() + Interlocked.Read(ref _jump));

    /// <summary>Somebody sets the time of day; no time passes.</summary>
    public void SetClock(TimeSpan by) => Interlocked.Add(ref _jump, by.Ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
