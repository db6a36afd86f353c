using Orleans.Runtime;

namespace Dpvr.Workers.Shards;

/// <summary>The one retry policy for calls to the coordinator: every call may be repeated, and a silo that is gone for a moment comes back.</summary>
internal static class GrainCalls
{
    private const int Attempts = 6;

    public static async Task<T> RetryAsync<T>(Func<Task<T>> call, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (attempt < Attempts && IsTransient(e))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 << attempt), time, cancellationToken);
            }
        }
    }

    public static bool IsTransient(Exception e) => e is TimeoutException or OrleansMessageRejectionException or SiloUnavailableException;
}
