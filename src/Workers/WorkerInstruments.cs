using Dpvr.Workers.Waits;
using Prometheus;

namespace Dpvr.Workers;

/// <summary>What a worker measures around its engine. No label holds a file name or a job.</summary>
internal sealed class WorkerInstruments
{
    private static readonly string[] s_stage = ["stage"], s_outcome = ["outcome"], s_cause = ["cause"];
    private readonly Counter _bytes, _shards;
    private readonly Histogram _shard;
    private readonly Histogram.Child _fetch, _decode, _write;

    public WorkerInstruments(CollectorRegistry registry, PipelineGauge gauge, WorkerStatus status)
    {
        var metrics = Metrics.WithCustomRegistry(registry);
        var stages = metrics.CreateHistogram("dpvr_stage_duration_seconds", "Time of a picture's fetch and decode, and of a shard's write. The stage that the engine waits for (dpvr_engine_idle_seconds_total) is the one to make quicker.",
            new HistogramConfiguration { LabelNames = s_stage, Buckets = Histogram.ExponentialBuckets(0.0005, 3, 13) });
        (_fetch, _decode, _write) = (stages.WithLabels("fetch"), stages.WithLabels("decode"), stages.WithLabels("write"));
        _bytes = metrics.CreateCounter("dpvr_fetched_bytes_total", "Bytes of pictures read from their source. Falls while the engine waits for fetch: the source or the network is the limit.");
        _shards = metrics.CreateCounter("dpvr_worker_shards_total", "Shards that this worker had, by how its attempt ended. failed: see its log; stale: another worker was quicker, often after a pause of this one; released: it drained or lost the store.", s_outcome);
        _shard = metrics.CreateHistogram("dpvr_worker_shard_duration_seconds", "From a lease to the end of its attempt. Much longer than usual on one worker: that machine is slow.", new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.1, 2, 15) });
        foreach (var outcome in (string[])["committed", "failed", "stale", "released"]) _shards.WithLabels(outcome);
        var idle = metrics.CreateCounter("dpvr_engine_idle_seconds_total", "Seconds that the engine had no work, by what it waited for: fetch (bytes of pictures), decode (CPU), queue (no lease: no work, or the coordinator is slow), write (the store).", s_cause);
        var open = metrics.CreateGauge("dpvr_worker_shards_in_hand", "Shards leased and not ended. 0 while jobs wait: the worker gets no leases, look at its log and the coordinator.");
        var images = metrics.CreateGauge("dpvr_worker_images_in_hand", "Pictures computed and not yet committed: what a kill would compute again.");
        var fault = metrics.CreateGauge("dpvr_worker_engine_fault", "1 while no engine can be made. The log says why: the model's folder, the device or its memory.");
        var store = metrics.CreateGauge("dpvr_worker_store_faults", "Shards in a row given back because the store did not answer. Above 0: this worker cannot reach the store; others may.");
        registry.AddBeforeCollectCallback(() =>
        {
            foreach (var cause in Enum.GetValues<WaitCause>()) idle.WithLabels(cause.ToString().ToLowerInvariant()).IncTo(gauge.Waited(cause).TotalSeconds);
            open.Set(status.ShardsInHand);
            images.Set(status.ImagesInHand);
            fault.Set(status.EngineFault is null ? 0 : 1);
            store.Set(status.StoreFaults);
        });
    }

    public void OnFetched(int bytes, TimeSpan time)
    {
        _bytes.Inc(bytes);
        _fetch.Observe(time.TotalSeconds);
    }

    public void OnDecoded(TimeSpan time) => _decode.Observe(time.TotalSeconds);

    public void OnWritten(TimeSpan time) => _write.Observe(time.TotalSeconds);

    public void OnShardEnded(string outcome, TimeSpan time)
    {
        _shard.Observe(time.TotalSeconds);
        _shards.WithLabels(outcome).Inc();
    }
}
