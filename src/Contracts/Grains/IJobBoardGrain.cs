using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;

namespace Dpvr.Contracts.Grains;

/// <summary>The board that workers pull from: fair share between running jobs by weight, in accelerator-seconds. One activation, key 0. Every call may be repeated.</summary>
[Alias("dpvr.board")]
public interface IJobBoardGrain : IGrainWithIntegerKey
{
    /// <summary>Answers: the cluster coordinates.</summary>
    [Alias("ping")]
    Task PingAsync();

    /// <summary>Gives out the next shard, or says when to ask again.</summary>
    [Alias("lease")]
    Task<LeaseReply> LeaseAsync(string worker, CancellationToken cancellationToken = default);

    /// <summary>Puts a job on the board.</summary>
    [Alias("register")]
    Task RegisterAsync(JobId job, double weight);

    /// <summary>Takes a job off the board.</summary>
    [Alias("remove")]
    Task RemoveAsync(JobId job);

    /// <summary>Charges accelerator time to a job.</summary>
    [Alias("charge")]
    Task ChargeAsync(JobId job, double engineSeconds);

    /// <summary>The jobs on the board.</summary>
    [Alias("list")]
    Task<IReadOnlyList<JobId>> ListAsync();
}
