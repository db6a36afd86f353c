using System.Globalization;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Dashboard.Shell;

/// <summary>Numbers and states in words, the same on every page.</summary>
internal static class Wording
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>With thin groups of three digits.</summary>
    public static string Number(long n) => n.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '\u202f');

    /// <summary>As in <c>12.4/s</c>.</summary>
    public static string Rate(double? perSecond) => perSecond switch
    {
        null => "–",
        0 => "0/s",
        >= 100 => string.Create(CultureInfo.InvariantCulture, $"{perSecond:0}/s"),
        >= 1 => string.Create(CultureInfo.InvariantCulture, $"{perSecond:0.0}/s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{perSecond:0.00}/s"),
    };

    /// <summary>As in <c>2 h 05 min</c>.</summary>
    public static string Span(TimeSpan? time) => time switch
    {
        null => "–",
        { TotalSeconds: < 1 } t => string.Create(CultureInfo.InvariantCulture, $"{t.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 60 } t => string.Create(CultureInfo.InvariantCulture, $"{t.TotalSeconds:0} s"),
        { TotalHours: < 1 } t => string.Create(CultureInfo.InvariantCulture, $"{t.Minutes} min {t.Seconds:00} s"),
        { TotalDays: < 2 } t => string.Create(CultureInfo.InvariantCulture, $"{(int)t.TotalHours} h {t.Minutes:00} min"),
        { } t => string.Create(CultureInfo.InvariantCulture, $"{(int)t.TotalDays} d {t.Hours} h"),
    };

    /// <summary>As in <c>3.2 MiB</c>.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1024 && unit < s_units.Length - 1; unit++) value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {s_units[unit]}");
    }

    /// <summary>A log-probability, which is never above 0: that of certainty is 0, not -0.</summary>
    public static string Logprob(double? logprob) => logprob is { } value ? (Math.Round(value, 3) + 0.0).ToString("0.000", CultureInfo.InvariantCulture) : "–";

    /// <summary>As in <c>63.4 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");

    /// <summary>A moment, in UTC: server and viewer may be hours apart.</summary>
    public static string Moment(DateTimeOffset? at) => at is { } t ? t.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC" : "–";

    /// <summary>The same to the minute, for a column whose head says that it is UTC.</summary>
    public static string Minute(DateTimeOffset? at) => at is { } t ? t.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "–";

    /// <summary>A job's state.</summary>
    public static string Status(JobProgress progress) => progress switch
    {
        { Paused: true } when !progress.Status.IsTerminal() => progress.Error is null ? "paused" : "halted",
        _ => Status(progress.Status),
    };

    /// <summary>The same of one that is not paused.</summary>
    public static string Status(JobStatus status) => status == JobStatus.InProgress ? "running" : status.ToString().ToLowerInvariant();

    /// <summary>How a state is coloured: <c>run</c>, <c>ok</c>, <c>warn</c>, <c>bad</c> or <c>idle</c>.</summary>
    public static string Tone(JobProgress progress) => progress switch
    {
        { Error: not null } => "bad",
        { Paused: true } when !progress.Status.IsTerminal() => "warn",
        { Status: JobStatus.Failed or JobStatus.Expired } => "bad",
        { Status: JobStatus.Completed, Requests.Failed: > 0 } => "warn",
        { Status: JobStatus.Completed } => "ok",
        { Status: JobStatus.Cancelled or JobStatus.Cancelling } => "idle",
        _ => "run",
    };

    /// <summary>Share of the requests that have ended.</summary>
    public static double Done(JobProgress progress)
    {
        var r = progress.Requests;
        return r.Total > 0 ? Math.Min(1, (double)(r.Succeeded + r.Failed + r.Skipped) / r.Total) : progress.Status.IsTerminal() ? 1 : 0;
    }
}
