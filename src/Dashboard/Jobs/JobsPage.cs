namespace Dpvr.Dashboard.Jobs;

/// <summary>A page of the list.</summary>
/// <param name="Rows">Its jobs.</param>
/// <param name="Total">Jobs that fit the query, on all pages.</param>
/// <param name="Unread">Jobs of the store that were not read yet: after a start it takes a moment to know ten thousand of them.</param>
public sealed record JobsPage(IReadOnlyList<JobRow> Rows, int Total, int Unread);
