using Dpvr.Contracts.Jobs;
using Dpvr.Dashboard.Jobs;

namespace Dpvr.Cli.Web;

/// <summary>Which jobs fit a query, and in which order.</summary>
internal static class JobSelection
{
    public static bool Fits(JobRow row, JobsQuery query) => InFilter(row, query.Filter) && HasText(row, query.Search.Trim());

    public static IEnumerable<JobRow> Order(IEnumerable<JobRow> rows, JobsQuery query)
    {
        var ordered = query.Order switch
        {
            JobOrder.Id => By(static r => r.Id.Value, StringComparer.Ordinal),
            JobOrder.Status => By(static r => r.Progress.Status, Comparer<JobStatus>.Default),
            JobOrder.Progress => By(static r => r.Progress.Requests.Total == 0 ? 0 : (double)(r.Progress.Requests.Succeeded + r.Progress.Requests.Failed + r.Progress.Requests.Skipped) / r.Progress.Requests.Total, Comparer<double>.Default),
            JobOrder.Images => By(static r => r.Progress.Images, Comparer<long>.Default),
            JobOrder.Rate => By(static r => r.ImagesPerSecond ?? -1, Comparer<double>.Default),
            _ => By(static r => r.CreatedAt ?? DateTimeOffset.MinValue, Comparer<DateTimeOffset>.Default),
        };
        return ordered.ThenBy(static r => r.Id.Value, StringComparer.Ordinal);

        IOrderedEnumerable<JobRow> By<T>(Func<JobRow, T> key, IComparer<T> comparer) => query.Descending ? rows.OrderByDescending(key, comparer) : rows.OrderBy(key, comparer);
    }

    private static bool InFilter(JobRow row, JobFilter filter) => filter switch
    {
        JobFilter.Active => !row.HasEnded,
        JobFilter.Paused => !row.HasEnded && row.Progress.Paused,
        JobFilter.Completed => row.Progress.Status == JobStatus.Completed,
        JobFilter.Trouble => row.Progress.Error is not null || row.Progress.Requests.Failed > 0 || row.Progress.Status is JobStatus.Failed or JobStatus.Expired or JobStatus.Cancelled,
        _ => true,
    };

    private static bool HasText(JobRow row, string text) =>
        text.Length == 0 || Has(row.Id.Value, text) || Has(row.Source, text) || Has(row.Model, text) || Has(row.Routing, text);

    private static bool Has(string where, string text) => where.Contains(text, StringComparison.OrdinalIgnoreCase);
}
