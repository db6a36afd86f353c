namespace Dpvr.Chaos.Harness;

/// <summary>Waits for a state, never for a time.</summary>
internal static class Poll
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(50);

    /// <summary>How long it took until it held.</summary>
    /// <exception cref="InvariantException">I6: it did not hold in time.</exception>
    public static async Task<TimeSpan> UntilAsync(Func<Task<bool>> holds, TimeSpan within, string what, TimeSpan? every = null)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(every ?? s_every);
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(begun) > within) throw new InvariantException("I6", $"not within {within.TotalSeconds:0} s: {what}");
            await timer.WaitForNextTickAsync();
        }
        return TimeProvider.System.GetElapsedTime(begun);
    }

    public static Task<TimeSpan> UntilAsync(Func<bool> holds, TimeSpan within, string what) => UntilAsync(() => Task.FromResult(holds()), within, what);

    /// <summary>Lets a time pass in which something is to stay as it is.</summary>
    public static async Task WhileAsync(Func<bool> holds, TimeSpan time, string what)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(s_every);
        while (TimeProvider.System.GetElapsedTime(begun) < time)
        {
            holds().Should().BeTrue(what);
            await timer.WaitForNextTickAsync();
        }
    }
}
