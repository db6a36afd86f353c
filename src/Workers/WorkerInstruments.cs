using System.Diagnostics.Metrics;
using Dpvr.Workers.Waits;

namespace Dpvr.Workers;

/// <summary>What a worker measures. No tag holds a file name or a job.</summary>
internal sealed class WorkerInstruments : IDisposable
{
    public const string MeterName = "Dpvr.Workers";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _bytes;
    private readonly Histogram<double> _fetch, _decode, _shard;
    private readonly Counter<long> _shards;

    public WorkerInstruments(PipelineGauge gauge)
    {
        _bytes = _meter.CreateCounter<long>("dpvr_worker_fetched_bytes", "By");
        _fetch = _meter.CreateHistogram<double>("dpvr_worker_fetch_seconds", "s");
        _decode = _meter.CreateHistogram<double>("dpvr_worker_decode_seconds", "s");
        _shard = _meter.CreateHistogram<double>("dpvr_worker_shard_seconds", "s");
        _shards = _meter.CreateCounter<long>("dpvr_worker_shards", "{shard}");
        _meter.CreateObservableCounter("dpvr_worker_engine_wait_seconds", () => Enum.GetValues<WaitCause>().Select(cause =>
            new Measurement<double>(gauge.Waited(cause).TotalSeconds, new KeyValuePair<string, object?>("cause", cause.ToString().ToLowerInvariant()))), "s");
    }

    public void OnFetched(int bytes, TimeSpan time)
    {
        _bytes.Add(bytes);
        _fetch.Record(time.TotalSeconds);
    }

    public void OnDecoded(TimeSpan time) => _decode.Record(time.TotalSeconds);

    public void OnShardEnded(string outcome, TimeSpan time)
    {
        _shard.Record(time.TotalSeconds);
        _shards.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
    }

    public void Dispose() => _meter.Dispose();
}
