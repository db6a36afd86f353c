using System.Runtime.CompilerServices;

namespace Dpvr.Data.Jobs;

/// <summary>Reads many small blobs, each a round trip away, at once, and gives them in the order they were asked for.</summary>
internal static class ReadAhead
{
    /// <summary>Reads at once: enough to hide some milliseconds a read, few enough to hold their results in memory.</summary>
    private const int ReadsAtOnce = 16;

    public static async IAsyncEnumerable<TOut> ReadAheadAsync<TIn, TOut>(
        this IAsyncEnumerable<TIn> source, Func<TIn, CancellationToken, Task<TOut>> read, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reads = new Queue<Task<TOut>>(ReadsAtOnce);
        try
        {
            await foreach (var item in source.WithCancellation(cancellationToken))
            {
                if (reads.Count == ReadsAtOnce) yield return await reads.Dequeue();
                reads.Enqueue(read(item, cancellationToken));
            }
            while (reads.Count > 0) yield return await reads.Dequeue();
        }
        finally
        {
            // Whoever stops early leaves no read without an owner.
            await Task.WhenAll(reads.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
