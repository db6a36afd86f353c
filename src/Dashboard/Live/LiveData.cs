using Dpvr.Contracts.Jobs;
using Dpvr.Dashboard.Jobs;
using Dpvr.Dashboard.Workers;

namespace Dpvr.Dashboard.Live;

/// <summary>Everything that pages show live, looked at once for all of them.</summary>
internal sealed class LiveData(IJobFeed jobs, IWorkerFeed workers, TimeProvider time)
{
    private static readonly TimeSpan s_often = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_seldom = TimeSpan.FromSeconds(2);

    /// <summary>Pages of the list of jobs.</summary>
    public SharedPoll<JobsQuery, JobsPage> Lists { get; } = new(jobs.ListAsync, static _ => false, s_often, time, static page => page.Unread > 0);

    /// <summary>Single jobs; null: there is none.</summary>
    public SharedPoll<JobId, JobDetail?> Jobs { get; } = new(jobs.ReadAsync, static job => job is { IsSettled: true }, s_often, time, static job => job is { UnreadShards: > 0 });

    /// <summary>Maps of shards, a range at a time.</summary>
    public SharedPoll<(JobId Job, int Range), ShardMap?> Shards { get; } = new((key, stop) => jobs.ReadShardsAsync(key.Job, key.Range, stop), static map => map is { IsSettled: true }, s_seldom, time);

    /// <summary>The workers.</summary>
    public SharedPoll<bool, IReadOnlyList<WorkerRow>> Workers { get; } = new((_, stop) => workers.ListAsync(stop), static _ => false, s_seldom, time);

    /// <summary>After something was done to a job.</summary>
    public void Nudge(JobId job) => Jobs.Nudge(job);
}
