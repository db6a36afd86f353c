using Dpvr.Contracts.Jobs;
using Dpvr.Dashboard.Jobs;
using Dpvr.Silo.Intake;

namespace Dpvr.Cli.Web;

/// <summary>What the dashboard remembers of a job. Changed under its own lock.</summary>
internal sealed class KnownJob(JobId id, JobSpec? spec, SubmissionRecord? submission)
{
    public const long Never = -1;
    private const int MostSamples = 600;
    private const int MostEvents = 100;
    private static readonly TimeSpan s_stretch = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(900);
    private readonly Lock _gate = new();
    private readonly List<ProgressSample> _samples = [];
    private readonly List<JobEvent> _events = [];
    private TimeSpan _step = s_step;
    private long _askedAt = Never, _shownAt = Never;
    private JobRow _row = new() { Progress = new JobProgress { Job = id } };

    public JobSpec? Spec => spec;

    /// <summary>When its grain was asked last, by the clock's timestamp; <see cref="Never"/> before.</summary>
    public long AskedAt
    {
        get => Volatile.Read(ref _askedAt);
        set => Volatile.Write(ref _askedAt, value);
    }

    /// <summary>When it was on somebody's page last.</summary>
    public long ShownAt
    {
        get => Volatile.Read(ref _shownAt);
        set => Volatile.Write(ref _shownAt, value);
    }

    public JobRow Row
    {
        get { lock (_gate) return _row; }
    }

    public (IReadOnlyList<ProgressSample> Samples, IReadOnlyList<JobEvent> Events) History
    {
        get { lock (_gate) return ([.. _samples], [.. _events.AsEnumerable().Reverse()]); }
    }

    /// <summary>Takes note of where the job stands now.</summary>
    public void Take(JobProgress progress, JobEnd? end, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_samples.Count > 0 && _events.Count < MostEvents)
                _events.AddRange(JobChanges.Between(_row.Progress, progress).Select(what => new JobEvent(now, what)));
            if (_samples.Count == 0 || now - _samples[^1].At >= _step || (end is not null && _row.EndedAt is null)) _samples.Add(new ProgressSample(now, progress.ImagesDone));
            if (_samples.Count > MostSamples)
            {
                // As long a stretch of time in half as many points.
                for (var i = _samples.Count - 2; i > 0; i -= 2) _samples.RemoveAt(i);
                _step *= 2;
            }
            var rate = RateOf(progress, end, now);
            _row = new JobRow
            {
                Progress = progress,
                Source = submission?.Source ?? spec?.Source.Kind ?? "",
                Model = spec?.Model.Name ?? "",
                Routing = spec?.Routing.ToString() ?? "",
                CreatedAt = submission?.At,
                EndedAt = end?.At,
                ImagesPerSecond = rate,
                Remaining = rate is > 0 && end is null ? TimeSpan.FromSeconds(Math.Min(1e8, (progress.Images - progress.ImagesDone) / rate.Value)) : null,
            };
        }
    }

    private double? RateOf(JobProgress progress, JobEnd? end, DateTimeOffset now)
    {
        if (end is not null) return submission is not null && (end.At - submission.At).TotalSeconds is > 0 and var all ? progress.ImagesDone / all : null;
        var from = _samples.FirstOrDefault(s => now - s.At <= s_stretch) ?? _samples[0];
        return (now - from.At).TotalSeconds is >= 1 and var seconds ? (progress.ImagesDone - from.ImagesDone) / seconds : null;
    }
}
