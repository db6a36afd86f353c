using System.Globalization;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Cli.Progress;

/// <summary>How figures read.</summary>
internal static class Wording
{
    public static string Rate(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    public static string Time(TimeSpan? time) => time is not { } t ? "?" :
        t.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)t.TotalHours}:{t.Minutes:00}:{t.Seconds:00}") :
        string.Create(CultureInfo.InvariantCulture, $"{t.Minutes}:{t.Seconds:00}");

    /// <summary>What the engine waits for, most first; "nothing" when it is busy nearly always.</summary>
    public static string Waits(RunSnapshot snapshot, RunRates rates)
    {
        if (!snapshot.EngineReady) return "the model";
        if (snapshot.Waits.Count == 0) return "known to the workers";
        var causes = rates.WaitShares.Where(w => w.Value >= 0.005).OrderByDescending(w => w.Value)
            .Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Key.ToString().ToLowerInvariant()} {w.Value:P0}")).ToList();
        return causes.Count > 0 ? string.Join(", ", causes) : "nothing";
    }

    public static string State(JobProgress job) => job.Status switch
    {
        JobStatus.Validating => "listing",
        JobStatus.InProgress => job.Paused ? "paused" : "working",
        JobStatus.Finalizing => "assembling the output",
        JobStatus.Cancelling => "cancelling",
        _ => job.Status.ToString().ToLowerInvariant(),
    };

    /// <summary>The last line or two of a run.</summary>
    public static IEnumerable<string> Ending(RunEnd end)
    {
        var (job, requests) = (end.Job, end.Job.Requests);
        var speed = end.ImagesOfThisRun > 0 && end.Elapsed > TimeSpan.Zero ? $" in {Time(end.Elapsed)} ({Rate(end.ImagesOfThisRun / end.Elapsed.TotalSeconds)} images/s)" : "";
        if (end.Code == ExitCode.Interrupted)
        {
            yield return $"interrupted: {job.ImagesDone} of {job.Images} images are done and kept. The same command again goes on from here.";
            yield break;
        }
        if (job is { Images: 0, Status: JobStatus.Completed }) yield return "no pictures were found (--recursive reads folders below, --glob names other files)";
        if (job.Error is { } error) yield return $"{State(job)}: {error.Code}: {error.Message}";
        var earlier = job.ImagesAdopted > 0 ? $", {job.ImagesAdopted} of them by earlier runs" : "";
        yield return $"{State(job)}: {job.ImagesDone} of {job.Images} images{earlier}, {requests.Succeeded} answers, {requests.Failed} failed{speed}";
        if (job.ImagesDone > 0) yield return $"captions: {Path.Combine(end.Output, "captions.jsonl")}";
        if (requests.Failed > 0) yield return $"errors:   {Path.Combine(end.Output, "errors.jsonl")}";
    }
}
