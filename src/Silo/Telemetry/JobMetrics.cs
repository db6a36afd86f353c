using Dpvr.Contracts.Jobs;
using Prometheus;

namespace Dpvr.Silo.Telemetry;

/// <summary>
/// Shows the jobs of this silo, read from <see cref="JobBook"/> with each scrape. Only <see cref="MostLabels"/> jobs have series of their own: those that run first, by
/// priority and then the newest; all of them are in the sums. Labels are job ids, which are made of hashes.
/// </summary>
internal sealed class JobMetrics
{
    /// <summary>Jobs with series of their own.</summary>
    public const int MostLabels = 20;

    private static readonly string[] s_statuses = ["validating", "in_progress", "paused", "finalizing", "completed", "failed", "expired", "cancelling", "cancelled"];
    private static readonly string[] s_states = ["done", "leased", "waiting"];
    private readonly Gauge _jobs, _unlabelled, _queue, _age, _leases, _held;
    private readonly Gauge _images, _done, _answers, _ratio, _rate, _eta, _shards;
    private readonly CollectorRegistry _registry;
    private readonly JobBook _book;
    private HashSet<string> _shown = [];
    private HashSet<string> _codes = [];

    public JobMetrics(CollectorRegistry registry, JobBook book)
    {
        (_registry, _book) = (registry, book);
        var metrics = Metrics.WithCustomRegistry(registry);
        _jobs = metrics.CreateGauge("dpvr_jobs", "Jobs of this silo, by status; those that ended stay for 15 minutes. paused grows without anybody's doing: see dpvr_jobs_held.", ["status"]);
        _held = metrics.CreateGauge("dpvr_jobs_held", "Jobs that paused by themselves, by error code. output_full, output_readonly, auth_expired: mend it, then resume; store_unavailable: they go on by themselves.", ["code"]);
        _unlabelled = metrics.CreateGauge("dpvr_jobs_unlabelled", "Jobs beyond the 20 that have series of their own; they are in the sums. Look at them with dpvr jobs.");
        _queue = metrics.CreateGauge("dpvr_queue_shards", "Shards that wait to be given out. Grows: more work comes than is done, add workers.");
        _age = metrics.CreateGauge("dpvr_queue_age_seconds", "Longest time that a job with waiting shards was given no lease. Grows: no worker asks, or others of higher priority come first.");
        _leases = metrics.CreateGauge("dpvr_leases", "Leases held by workers now.");
        _images = metrics.CreateGauge("dpvr_job_images", "Pictures of a job's plan.", ["job_id"]);
        _done = metrics.CreateGauge("dpvr_job_images_done", "Pictures of a job whose shard is committed. Stands still while the job runs: see dpvr_queue_age_seconds and the workers.", ["job_id"]);
        _answers = metrics.CreateGauge("dpvr_job_answers", "Answers (picture and prompt) of a job, by outcome: the job's own counts.", ["job_id", "outcome"]);
        _ratio = metrics.CreateGauge("dpvr_job_progress_ratio", "Share of a job's pictures that is done, 0 to 1.", ["job_id"]);
        _rate = metrics.CreateGauge("dpvr_job_images_per_second", "Pictures a second of a job over the last two minutes.", ["job_id"]);
        _eta = metrics.CreateGauge("dpvr_job_eta_seconds", "Seconds to a job's end at that rate; no value while nothing moves.", ["job_id"]);
        _shards = metrics.CreateGauge("dpvr_job_shards", "Shards of a job, by state (done, leased, waiting).", ["job_id", "state"]);
    }

    /// <summary>Each scrape reads the book from now on.</summary>
    public void Begin() => _registry.AddBeforeCollectCallback(() => Show(_book.Read()));

    private void Show(IReadOnlyList<JobSight> jobs)
    {
        lock (_jobs)
        {
            foreach (var status in s_statuses) _jobs.WithLabels(status).Set(jobs.Count(j => StatusOf(j.Job) == status));
            _queue.Set(jobs.Sum(static j => j.Waiting));
            _age.Set(jobs.Select(static j => j.Unserved.TotalSeconds).DefaultIfEmpty(0).Max());
            _leases.Set(jobs.Sum(static j => j.Job.Status.IsTerminal() ? 0 : j.Job.Leased));
            _unlabelled.Set(Math.Max(0, jobs.Count - MostLabels));
            ShowHeld(jobs);
            var shown = jobs.Take(MostLabels).ToList();
            var names = shown.Select(static j => j.Job.Job.Value).ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _shown.Where(job => !names.Contains(job))) Remove(gone);
            _shown = names;
            foreach (var job in shown) Show(job);
        }
    }

    private void ShowHeld(IReadOnlyList<JobSight> jobs)
    {
        var held = jobs.Where(static j => j.Job is { Paused: true, Error: not null }).GroupBy(static j => j.Job.Error!.Code).ToDictionary(static g => g.Key, static g => g.Count(), StringComparer.Ordinal);
        _codes = [.. _codes, .. held.Keys];
        foreach (var code in _codes) _held.WithLabels(code).Set(held.GetValueOrDefault(code));
    }

    private void Show(JobSight sight)
    {
        var (job, name) = (sight.Job, sight.Job.Job.Value);
        _images.WithLabels(name).Set(job.Images);
        _done.WithLabels(name).Set(job.ImagesDone);
        _answers.WithLabels(name, "succeeded").Set(job.Requests.Succeeded);
        _answers.WithLabels(name, "failed").Set(job.Requests.Failed);
        _answers.WithLabels(name, "skipped").Set(job.Requests.Skipped);
        _ratio.WithLabels(name).Set(job.Images == 0 ? 0 : (double)job.ImagesDone / job.Images);
        _rate.WithLabels(name).Set(sight.Rate);
        if (sight.Eta is { } eta) _eta.WithLabels(name).Set(eta);
        else _eta.RemoveLabelled(name);
        _shards.WithLabels(name, "done").Set(job.ShardsDone);
        _shards.WithLabels(name, "leased").Set(job.Leased);
        _shards.WithLabels(name, "waiting").Set(sight.Waiting);
    }

    private void Remove(string job)
    {
        foreach (var gauge in (Gauge[])[_images, _done, _ratio, _rate, _eta]) gauge.RemoveLabelled(job);
        foreach (var outcome in (string[])["succeeded", "failed", "skipped"]) _answers.RemoveLabelled(job, outcome);
        foreach (var state in s_states) _shards.RemoveLabelled(job, state);
    }

    private static string StatusOf(JobProgress job) => job switch
    {
        { Paused: true } when !job.Status.IsTerminal() => "paused",
        { Status: JobStatus.InProgress } => "in_progress",
        _ => job.Status.ToString().ToLowerInvariant(),
    };
}
