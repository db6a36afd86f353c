using Dpvr.Contracts.Results;
using Prometheus;

namespace Dpvr.Data.Telemetry;

/// <summary>
/// Counts results where a shard's commit is decided, from the same records as the completion marker that the job's counts are summed from: so the metrics and the files
/// cannot disagree, whoever commits (a worker, or a coordinator that gives a shard up).
/// </summary>
public sealed class CommitInstruments
{
    private const string NoCode = "none";
    private static readonly string[] s_labels = ["outcome", "code"];
    private readonly Counter _images, _answers;
    private readonly Counter _reused;

    /// <param name="registry">The host's metrics.</param>
    public CommitInstruments(CollectorRegistry registry)
    {
        var metrics = Metrics.WithCustomRegistry(registry);
        _images = metrics.CreateCounter("dpvr_images_total", "Pictures with a committed result, by outcome (succeeded, failed, skipped) and error code. When failed grows: the code says what to look at (docs/monitoring.md).", s_labels);
        _answers = metrics.CreateCounter("dpvr_answers_total", "The same for each picture and prompt: what a job counts as its requests. Differs from dpvr_images_total only where a job has several prompts.", s_labels);
        _reused = metrics.CreateCounter("dpvr_answers_reused_total", "Answers that were taken over from an equal picture, prompt and model instead of being computed. Nothing to do; they make a job quicker than its engine.");
        // A rate needs a first value: else the first failure of a process is not seen.
        _images.WithLabels("succeeded", NoCode);
        _answers.WithLabels("succeeded", NoCode);
    }

    /// <summary>A shard's records were committed.</summary>
    /// <param name="records">In the plan's order, each picture's prompts one after the other.</param>
    /// <param name="prompts">Prompts of each picture.</param>
    internal void OnCommitted(IReadOnlyList<ItemRecord> records, int prompts)
    {
        foreach (var group in records.GroupBy(static r => r.Error?.Code)) Add(_answers, group.Key, group.Count());
        foreach (var group in records.Chunk(Math.Max(1, prompts)).GroupBy(static answers => Array.Find(answers, static a => a.Error is not null)?.Error!.Code)) Add(_images, group.Key, group.Count());
        _reused.Inc(records.Count(static r => r.Error is null && r.Reused == true));
    }

    /// <summary>A job was cancelled before this much of it was done.</summary>
    public void OnSkipped(long images, long answers)
    {
        if (images > 0) _images.WithLabels("skipped", ErrorCodes.Cancelled).Inc(images);
        if (answers > 0) _answers.WithLabels("skipped", ErrorCodes.Cancelled).Inc(answers);
    }

    private static void Add(Counter counter, string? code, int count) => counter.WithLabels(code is null ? "succeeded" : "failed", code ?? NoCode).Inc(count);
}
