using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;

namespace Dpvr.Contracts.Grains;

/// <summary>
/// The board that workers pull from: strictly by priority, within a priority by weight, in accelerator-seconds. One activation, key 0; a new one reads the unfinished
/// jobs from the store. Every call may be repeated.
/// </summary>
[Alias("dpvr.board")]
public interface IJobBoardGrain : IGrainWithIntegerKey
{
    /// <summary>Answers: the cluster coordinates.</summary>
    [Alias("ping")]
    Task PingAsync();

    /// <summary>Gives out the next shard, or says when to ask again.</summary>
    [Alias("lease")]
    Task<LeaseReply> LeaseAsync(string worker, CancellationToken cancellationToken = default);

    /// <summary>Puts a job on the board, or changes its share.</summary>
    [Alias("register")]
    Task RegisterAsync(JobShare share);

    /// <summary>Takes a job off the board.</summary>
    [Alias("remove")]
    Task RemoveAsync(JobId job);

    /// <summary>Charges accelerator time to a job.</summary>
    [Alias("charge")]
    Task ChargeAsync(JobId job, double engineSeconds);

    /// <summary>Takes up jobs of the store that it does not know, and moves every job on. Called by every silo's keeper.</summary>
    [Alias("tend")]
    Task TendAsync();

    /// <summary>The jobs of the store, finished ones too, a page at a time.</summary>
    [Alias("list")]
    Task<JobPage> ListAsync(JobQuery query);
}
