using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;

namespace Dpvr.Contracts.Grains;

/// <summary>One job, keyed by its id. Its state is a cache of the job's blobs: a new activation reads them and goes on. Every call may be repeated.</summary>
[Alias("dpvr.job")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>Writes the specification (once), plans in the background and gives out work. A job that exists goes on where it was; a pause ends.</summary>
    [Alias("start")]
    Task<JobProgress> StartAsync(JobSpec spec);

    /// <summary>Takes a job up again that is in the store; a pause ends.</summary>
    [Alias("resume")]
    Task<JobProgress> ResumeAsync();

    /// <summary>Where the job stands. Also moves it on: ends expired leases, finishes what is complete.</summary>
    [Alias("status")]
    Task<JobProgress> StatusAsync();

    /// <summary>Moves the job on with nobody watching: plans, ends expired leases, finishes, and after a while tries again what a store that did not answer stopped. Null when it has ended.</summary>
    [Alias("tend")]
    Task<JobShare?> TendAsync();

    /// <summary>Sets its share while it runs.</summary>
    /// <param name="weight">Share of accelerator time within its priority; above 0 and finite.</param>
    /// <param name="priority">Higher comes first, strictly.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not above 0.</exception>
    [Alias("share")]
    Task<JobProgress> SetShareAsync(double weight, int priority);

    /// <summary>
    /// Does again what failed, or was skipped, of a job that has ended, as its next generation: every answer that is still right is taken over. Called again it returns the same id.
    /// </summary>
    /// <returns>The id of the job that does it; this one's own when nothing failed.</returns>
    /// <exception cref="InvalidOperationException">The job has not ended, or there is none.</exception>
    [Alias("retry-failed")]
    Task<JobId> RetryFailedAsync();

    /// <summary>Gives out no more work until it is resumed; what runs is finished.</summary>
    [Alias("pause")]
    Task<JobProgress> PauseAsync();

    /// <summary>Stops for good; the output is assembled of what was committed.</summary>
    [Alias("cancel")]
    Task<JobProgress> CancelAsync();

    /// <summary>Gives out a shard; null when there is none now. Workers ask the board instead.</summary>
    [Alias("lease")]
    Task<Lease?> LeaseAsync(string worker, CancellationToken cancellationToken = default);

    /// <summary>Says that a worker still works on a lease.</summary>
    [Alias("heartbeat")]
    Task<LeaseState> HeartbeatAsync(ShardId shard, int attempt, string token);

    /// <summary>Says how an attempt ended. What the store says counts, not the report.</summary>
    [Alias("report")]
    Task ReportAsync(ShardId shard, int attempt, string token, AttemptReport report);
}
