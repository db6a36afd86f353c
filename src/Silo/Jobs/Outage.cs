namespace Dpvr.Silo.Jobs;

/// <summary>When to try again after a store did not answer: after 5 s, then twice as long each time, at most every 5 min. By the monotonic clock.</summary>
internal sealed class Outage(TimeProvider time)
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);
    private TimeSpan _wait = TimeSpan.Zero;
    private long _since = time.GetTimestamp();

    /// <summary>It did not answer.</summary>
    public void Seen()
    {
        _since = time.GetTimestamp();
        _wait = _wait == TimeSpan.Zero ? s_first : _wait * 2 < s_longest ? _wait * 2 : s_longest;
    }

    /// <summary>True when it is time to try again.</summary>
    public bool IsOver() => time.GetElapsedTime(_since) >= (_wait == TimeSpan.Zero ? s_first : _wait);

    /// <summary>It answers: the next outage begins with a short wait.</summary>
    public void Ended() => _wait = TimeSpan.Zero;
}
