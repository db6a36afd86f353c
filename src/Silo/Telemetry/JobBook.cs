using System.Collections.Concurrent;
using Dpvr.Contracts.Jobs;
using Dpvr.Silo.Hosting;

namespace Dpvr.Silo.Telemetry;

/// <summary>
/// What the job grains of this silo last said of themselves. Each job lives on one silo at a time, so the silos' numbers add up to the cluster's. A job that has ended is
/// kept for a quarter of an hour, so that its last numbers are scraped.
/// </summary>
internal sealed class JobBook([FromKeyedServices(DpvrSilo.Clock)] TimeProvider time)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<JobId, Page> _pages = new();

    /// <summary>Takes note of a job's numbers.</summary>
    public void Put(JobProgress progress)
    {
        var now = time.GetTimestamp();
        var page = _pages.GetOrAdd(progress.Job, _ => new Page(now));
        lock (page)
        {
            if (page.Progress is not { } before || !before.Status.IsTerminal()) page.SeenAt = now;
            page.Progress = progress;
            if (Waiting(progress) == 0 || progress.Paused) page.ServedAt = now;
            if (page.Points.Count == 0 || (page.PointDone != progress.ImagesDone && time.GetElapsedTime(page.PointAt, now) >= s_between))
            {
                page.Points.Enqueue((now, progress.ImagesDone));
                (page.PointAt, page.PointDone) = (now, progress.ImagesDone);
            }
            while (page.Points.Count > 2 && time.GetElapsedTime(page.Points.Peek().At, now) > s_window) page.Points.Dequeue();
        }
    }

    /// <summary>One of its shards was given out.</summary>
    public void OnLeased(JobId job)
    {
        if (_pages.TryGetValue(job, out var page)) page.ServedAt = time.GetTimestamp();
    }

    /// <summary>The job left this silo before its end.</summary>
    public void Forget(JobId job)
    {
        if (_pages.TryGetValue(job, out var page) && !page.Progress!.Status.IsTerminal()) _pages.TryRemove(job, out _);
    }

    /// <summary>All of them, those that run first, then the last that ended.</summary>
    public IReadOnlyList<JobSight> Read()
    {
        var now = time.GetTimestamp();
        foreach (var (job, page) in _pages)
            if (page.Progress is { } known && known.Status.IsTerminal() && time.GetElapsedTime(page.SeenAt, now) > s_kept) _pages.TryRemove(job, out _);
        return
        [
            .. _pages.Values.Where(static p => p.Progress is not null).OrderBy(static p => p.Progress!.Status.IsTerminal()).ThenByDescending(static p => p.Progress!.Priority)
                .ThenByDescending(static p => p.Since).Select(p => See(p, now)),
        ];
    }

    private static long Waiting(JobProgress job) => job.Status == JobStatus.InProgress ? Math.Max(0, job.Shards - job.ShardsDone - job.Leased) : 0;

    private JobSight See(Page page, long now)
    {
        lock (page)
        {
            var job = page.Progress!;
            var rate = 0.0;
            if (!job.Status.IsTerminal() && page.Points.Count > 0)
            {
                var (at, done) = page.Points.Peek();
                rate = (job.ImagesDone - done) / Math.Max(1e-3, time.GetElapsedTime(at, now).TotalSeconds);
            }
            var left = job.Status.IsTerminal() ? 0 : job.Images - job.ImagesDone;
            return new JobSight(job, Waiting(job), Waiting(job) > 0 && !job.Paused ? time.GetElapsedTime(page.ServedAt, now) : TimeSpan.Zero, rate, left == 0 ? 0 : rate > 0 ? left / rate : null);
        }
    }

    private sealed class Page(long now)
    {
        public JobProgress? Progress { get; set; }
        public long Since { get; } = now;
        public long SeenAt { get; set; } = now;
        public long ServedAt { get; set; } = now;
        public long PointAt { get; set; }
        public long PointDone { get; set; }
        public Queue<(long At, long Done)> Points { get; } = new();
    }
}
