using Dpvr.Data.Blobs;
using Prometheus;

namespace Dpvr.Data.Telemetry;

/// <summary>What calls to the store take and how they end.</summary>
public sealed class StoreInstruments
{
    private static readonly string[] s_ends = ["operation", "outcome"];
    private static readonly string[] s_operation = ["operation"];
    private readonly Counter _calls;
    private readonly Histogram _seconds;

    /// <param name="registry">The host's metrics.</param>
    /// <param name="retries">Counts the store's tries after the first.</param>
    public StoreInstruments(CollectorRegistry registry, StoreRetries retries)
    {
        ArgumentNullException.ThrowIfNull(registry);
        var metrics = Metrics.WithCustomRegistry(registry);
        _calls = metrics.CreateCounter("dpvr_store_calls_total", "Calls to the blob store, by operation and outcome (ok, conflict, or an error code). When others than ok and conflict grow: check the store, its credentials and its room.", s_ends);
        _seconds = metrics.CreateHistogram("dpvr_store_call_duration_seconds", "Time of a call to the blob store, its retries included. When it grows: the store or the way to it is slow; workers then wait for write.",
            new HistogramConfiguration { LabelNames = s_operation, Buckets = Histogram.ExponentialBuckets(0.001, 3, 11) });
        var again = metrics.CreateCounter("dpvr_store_retries_total", "Tries after the first of requests to the blob store. When it grows: the store throttles or fails; see its own metrics, or ask less of it.");
        registry.AddBeforeCollectCallback(() => again.IncTo(retries.Count));
    }

    internal async Task<T> RunAsync<T>(string operation, Func<T, bool> isConflict, Func<Task<T>> call)
    {
        using var timer = _seconds.WithLabels(operation).NewTimer();
        try
        {
            var result = await call();
            _calls.WithLabels(operation, isConflict(result) ? "conflict" : "ok").Inc();
            return result;
        }
        catch (BlobStoreException e)
        {
            _calls.WithLabels(operation, e.Code).Inc();
            throw;
        }
        catch (OperationCanceledException)
        {
            _calls.WithLabels(operation, "cancelled").Inc();
            throw;
        }
    }
}
