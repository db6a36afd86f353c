using Dpvr.Contracts.Jobs;

namespace Dpvr.Dashboard.Jobs;

/// <summary>Jobs as pages show them, and what can be done to them. Every call may come from any thread.</summary>
public interface IJobFeed
{
    /// <summary>A page of the jobs that fit.</summary>
    Task<JobsPage> ListAsync(JobsQuery query, CancellationToken cancellationToken);

    /// <summary>One job; null when there is none.</summary>
    Task<JobDetail?> ReadAsync(JobId job, CancellationToken cancellationToken);

    /// <summary>The map of a range of its shards; null while there is no plan.</summary>
    Task<ShardMap?> ReadShardsAsync(JobId job, int range, CancellationToken cancellationToken);

    /// <summary>Gives out no more work until it is resumed.</summary>
    Task PauseAsync(JobId job, CancellationToken cancellationToken);

    /// <summary>Goes on.</summary>
    Task ResumeAsync(JobId job, CancellationToken cancellationToken);

    /// <summary>Stops for good.</summary>
    Task CancelAsync(JobId job, CancellationToken cancellationToken);

    /// <summary>Does again what failed; returns the job that does it.</summary>
    Task<JobId> RetryFailedAsync(JobId job, CancellationToken cancellationToken);

    /// <summary>Sets its share of the accelerators.</summary>
    Task SetShareAsync(JobId job, double weight, int priority, CancellationToken cancellationToken);
}
