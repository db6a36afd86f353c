using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Silo.Board;

/// <summary>Pages over the store's jobs. Finished ones are read from their end alone, others are asked.</summary>
internal sealed class JobListing(JobStore store)
{
    /// <exception cref="ArgumentOutOfRangeException">The limit is not 1 to <see cref="JobQuery.MostOfAPage"/>.</exception>
    public async Task<JobPage> ReadAsync(JobQuery query, Func<JobId, Task<JobProgress>> ask, CancellationToken cancellationToken = default)
    {
        if (query.Limit is < 1 or > JobQuery.MostOfAPage) throw new ArgumentOutOfRangeException(nameof(query), query.Limit, $"A page has 1 to {JobQuery.MostOfAPage} jobs.");
        var page = new List<JobProgress>();
        var ids = (await store.ListJobsAsync(cancellationToken)).Select(static job => job.Value).Where(id => query.After is not { } after || string.CompareOrdinal(id, after.Value) > 0);
        foreach (var id in ids.Order(StringComparer.Ordinal))
        {
            if (page.Count == query.Limit) return new JobPage(page, page[^1].Job);
            if (await ReadAsync(new JobId(id), query.UnfinishedOnly, ask, cancellationToken) is { } progress) page.Add(progress);
        }
        return new JobPage(page, null);
    }

    private async Task<JobProgress?> ReadAsync(JobId job, bool unfinishedOnly, Func<JobId, Task<JobProgress>> ask, CancellationToken cancellationToken)
    {
        if (await store.ReadEndAsync(job, cancellationToken) is not { } end) return await store.ReadSpecAsync(job, cancellationToken) is null ? null : await ask(job);
        if (unfinishedOnly) return null;
        return end.Progress is { } progress ? progress with { Status = end.Status, Requests = end.Requests, Error = end.Error } : new JobProgress { Job = job, Status = end.Status, Requests = end.Requests, Error = end.Error };
    }
}
