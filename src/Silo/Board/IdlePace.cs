using Dpvr.Silo.Hosting;

namespace Dpvr.Silo.Board;

/// <summary>Says how soon a worker without work may ask again: at once when few ask, later when a thousand do, so that together they ask at most about 500 times a second.</summary>
internal sealed class IdlePace(DpvrSiloOptions options, TimeProvider time)
{
    private const int AsksASecond = 500;
    private long _since = time.GetTimestamp();
    private int _asks;
    private double _waiting;

    public TimeSpan Next()
    {
        _asks++;
        var elapsed = time.GetElapsedTime(_since).TotalSeconds;
        if (elapsed >= 1)
        {
            // Little's law: who asks at this rate and waits for that long between.
            _waiting = _asks / elapsed * Pause().TotalSeconds;
            (_since, _asks) = (time.GetTimestamp(), 0);
        }
        return Pause();
    }

    private TimeSpan Pause()
    {
        var shared = TimeSpan.FromSeconds(_waiting / AsksASecond);
        return shared < options.RetryAfter ? options.RetryAfter : shared < options.MostRetryAfter ? shared : options.MostRetryAfter;
    }
}
