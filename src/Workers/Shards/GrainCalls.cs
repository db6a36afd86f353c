using Orleans.Runtime;
using Orleans.Serialization;

namespace Dpvr.Workers.Shards;

/// <summary>The one retry policy for calls to the coordinator: every call may be repeated, and a silo that is gone comes back, or another takes its place, within 10 to 30 s.</summary>
internal static class GrainCalls
{
    /// <summary>How long a report is tried again: longer than a coordinator is ever away without a person's doing.</summary>
    public static readonly TimeSpan ReportPatience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(2);

    /// <summary>Tries until it succeeds, or until the patience is over: then the last failure is thrown.</summary>
    public static async Task<T> RetryAsync<T>(Func<Task<T>> call, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        for (var failures = 0; ; failures++)
        {
            try
            {
                return await call().WaitAsync(cancellationToken);
            }
            catch (Exception e) when (IsTransient(e) && time.GetElapsedTime(begun) < patience)
            {
                await Task.Delay(Pause(failures, s_first, s_longest), time, cancellationToken);
            }
        }
    }

    /// <summary>Twice as long each time, up to the longest, and never the same for all: a thousand workers must not come back at one moment.</summary>
    public static TimeSpan Pause(int failures, TimeSpan first, TimeSpan longest)
    {
        var full = TimeSpan.FromTicks(Math.Min(longest.Ticks, first.Ticks << Math.Min(failures, 20)));
        return full * (0.5 + Random.Shared.NextDouble() / 2);
    }

    // Also what a coordinator throws whose store does not answer.
    public static bool IsTransient(Exception e) => e is TimeoutException or OrleansException or IOException or UnavailableExceptionFallbackException;
}
