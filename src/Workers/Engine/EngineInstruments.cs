using Prometheus;

namespace Dpvr.Workers.Engine;

/// <summary>
/// What engines measure, under vLLM's suffixes and labels: dashboards and alerts made for it work with another prefix. <c>engine</c> is <c>work</c> (jobs) or <c>chat</c>.
/// </summary>
public sealed class EngineInstruments
{
    private static readonly string[] s_labels = ["model_name", "engine"];
    private static readonly double[] s_latency = Histogram.ExponentialBuckets(0.01, 2, 16);
    private readonly IMetricFactory _metrics;

    /// <param name="registry">The host's metrics.</param>
    public EngineInstruments(CollectorRegistry registry)
    {
        _metrics = Metrics.WithCustomRegistry(registry);
        Running = Gauge("dpvr_num_requests_running", "Sequences that the engine computes now. Below the slots while work waits: see dpvr_engine_idle_seconds_total.");
        Waiting = Gauge("dpvr_num_requests_waiting", "Requests that wait for a slot of the engine. Always near 0: the engine is starved, more decoding threads or a nearer source help; always full: the engine is the limit, add workers.");
        KvUsage = Gauge("dpvr_kv_cache_usage_perc", "Share of the reserved keys and values that is in use, 0 to 1. Low while requests wait: the batch is bound by something else than memory.");
        KvPlanned = Gauge("dpvr_kv_cache_planned_bytes", "Bytes of keys and values that the plan reckoned before loading. Must equal dpvr_kv_cache_reserved_bytes; if not, the plan is wrong and memory may run out: report it.");
        KvReserved = Gauge("dpvr_kv_cache_reserved_bytes", "Bytes of keys and values that were reserved, measured on the buffers.");
        Info = _metrics.CreateGauge("dpvr_engine_info", "1 for each engine; its labels say what computes. Disappears while an engine is loaded or could not be made.", ["model_name", "engine", "routing", "device", "dtype"]);
        Slots = Gauge("dpvr_engine_slots", "Sequences that the engine can compute together. Small: little memory is free, or --batch-size is small.");
        PromptTokens = Counter("dpvr_prompt_tokens_total", "Prompt tokens prefilled, vision tokens counted. Falls while pictures wait: look at dpvr_engine_idle_seconds_total.");
        NewTokens = Counter("dpvr_generation_tokens_total", "Tokens made. Its rate is the engine's speed; falls with longer prompts, smaller batches, or other load on the machine.");
        Busy = _metrics.CreateCounter("dpvr_engine_busy_seconds_total", "Seconds that the engine computed, by phase (vision: the tower; prefill: the prompts; decode). A rate near 1 in sum: the engine is the limit.", ["model_name", "engine", "phase"]);
        PrefixHits = Counter("dpvr_prefix_cache_hits_total", "Prompts that found their picture's keys and values there already: further questions about one picture.");
        PrefixQueries = Counter("dpvr_prefix_cache_queries_total", "Prompts that looked for them.");
        Halvings = Counter("dpvr_engine_batch_halvings_total", "Batches that did not fit the memory and were halved. When it grows: something else uses the device's memory, or the plan's pass is too small; set a smaller --batch-size.");
        Failures = _metrics.CreateCounter("dpvr_engine_failures_total", "Engines that failed as a whole, and were made anew. When it grows: the log names the exception; a device may be broken.", ["engine"]);
        Success = _metrics.CreateCounter("dpvr_request_success_total", "Requests answered, by how they ended (stop, length). Many length: raise max_new_tokens, captions are cut.", ["model_name", "engine", "finished_reason"]);
        Errors = _metrics.CreateCounter("dpvr_request_errors_total", "Requests that the engine refused or could not compute, by code. model_nan: the weights or the dtype; gpu_oom: not even one fits; prompt_too_long: the prompts.", ["model_name", "engine", "code"]);
        FirstToken = Latency("dpvr_time_to_first_token_seconds", "From a request to its first token, waiting included. Grows with the queue first: see dpvr_request_queue_time_seconds.");
        EndToEnd = Latency("dpvr_e2e_request_latency_seconds", "From a request to its last token. Matters for chats; in jobs it is the batch's length.");
        Queue = Latency("dpvr_request_queue_time_seconds", "Time that a request waited for a slot. Grows for chats: the engine is full of a job's work.");
        Prefill = Latency("dpvr_request_prefill_time_seconds", "Time of the prefill that a request was part of.");
        Decode = Latency("dpvr_request_decode_time_seconds", "From a request's first token to its last.");
        Answer = _metrics.CreateHistogram("dpvr_request_generation_tokens", "Tokens of an answer.", new HistogramConfiguration { LabelNames = s_labels, Buckets = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000] });
        Step = _metrics.CreateHistogram("dpvr_engine_step_seconds", "Time of one prefill (the vision tower with it) or decode step of a batch. When decode steps grow at the same batch: other load on the machine.",
            new HistogramConfiguration { LabelNames = ["model_name", "engine", "phase"], Buckets = Histogram.ExponentialBuckets(0.0005, 2, 16) });
    }

    internal Gauge Running { get; }
    internal Gauge Waiting { get; }
    internal Gauge KvUsage { get; }
    internal Gauge KvPlanned { get; }
    internal Gauge KvReserved { get; }
    internal Gauge Slots { get; }
    internal Gauge Info { get; }
    internal Counter PromptTokens { get; }
    internal Counter NewTokens { get; }
    internal Counter Busy { get; }
    internal Counter PrefixHits { get; }
    internal Counter PrefixQueries { get; }
    internal Counter Halvings { get; }
    internal Counter Failures { get; }
    internal Counter Success { get; }
    internal Counter Errors { get; }
    internal Histogram FirstToken { get; }
    internal Histogram EndToEnd { get; }
    internal Histogram Queue { get; }
    internal Histogram Prefill { get; }
    internal Histogram Decode { get; }
    internal Histogram Answer { get; }
    internal Histogram Step { get; }

    private Gauge Gauge(string name, string help) => _metrics.CreateGauge(name, help, s_labels);

    private Counter Counter(string name, string help) => _metrics.CreateCounter(name, help, s_labels);

    private Histogram Latency(string name, string help) => _metrics.CreateHistogram(name, help, new HistogramConfiguration { LabelNames = s_labels, Buckets = s_latency });
}
