using Dpvr.Workers.Waits;

namespace Dpvr.Cli.Progress;

/// <summary>Measures a run's speed over a window that moves with it, so that a slow start does not spoil the estimate for hours.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);
    private readonly Queue<(long At, RunSnapshot Snapshot)> _seen = new();

    public RunRates Add(RunSnapshot now)
    {
        var at = time.GetTimestamp();
        // The model's loading is no part of the speed.
        if (!now.EngineReady) _seen.Clear();
        _seen.Enqueue((at, now));
        while (_seen.Count > 2 && time.GetElapsedTime(_seen.Peek().At, at) > Window) _seen.Dequeue();

        var (since, then) = _seen.Peek();
        var seconds = time.GetElapsedTime(since, at).TotalSeconds;
        if (seconds <= 0) return RunRates.None;

        var images = Math.Max(0, now.ImagesDone - then.ImagesDone) / seconds;
        var left = now.Job.Images - now.ImagesDone;
        TimeSpan? remaining = images > 0 && now.Job.Images > 0 ? TimeSpan.FromSeconds(Math.Min(left / images, 86400 * 365)) : null;
        var shares = now.Waits.ToDictionary(w => w.Key, w => Share(w.Key));
        return new RunRates(images, Math.Max(0, now.Tokens - then.Tokens) / seconds, remaining, shares);

        double Share(WaitCause cause) => Math.Clamp((now.Waits[cause] - then.Waits.GetValueOrDefault(cause)).TotalSeconds / seconds, 0, 1);
    }
}
