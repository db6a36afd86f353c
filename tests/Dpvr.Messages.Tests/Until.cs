namespace Dpvr.Messages.Tests;

/// <summary>Waits for what others do.</summary>
internal static class Until
{
    /// <summary>How long a request waits for its answer: longer than a slow machine takes for one.</summary>
    public static MassTransit.RequestTimeout Answered { get; } = MassTransit.RequestTimeout.After(m: 3);

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(30);

    public static async Task<T> HasAsync<T>(Func<Task<T>> look, Func<T, bool> wanted, string what, int seconds = 120)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var timer = new PeriodicTimer(s_look);
        var seen = await look();
        while (!wanted(seen))
        {
            try
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Not within {seconds} s: {what}; last seen: {seen}");
            }
            seen = await look();
        }
        return seen;
    }
}
