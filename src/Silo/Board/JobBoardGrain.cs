using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Silo.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Dpvr.Silo.Board;

/// <summary>Asks jobs for a shard in the order of <see cref="FairShare"/>. Reentrant, since jobs call it while it waits for them.</summary>
[Reentrant]
internal sealed class JobBoardGrain(IOptions<DpvrSiloOptions> options) : Grain, IJobBoardGrain
{
    private readonly FairShare _shares = new();

    public Task PingAsync() => Task.CompletedTask;

    public async Task<LeaseReply> LeaseAsync(string worker, CancellationToken cancellationToken = default)
    {
        foreach (var job in _shares.InOrder())
        {
            if (await GrainFactory.GetGrain<IJobGrain>(job.Value).LeaseAsync(worker, cancellationToken) is not { } lease) continue;
            _shares.Leased(job);
            return new LeaseReply { Lease = lease };
        }
        return new LeaseReply { RetryAfter = options.Value.RetryAfter };
    }

    public Task RegisterAsync(JobId job, double weight)
    {
        _shares.Add(job, weight);
        return Task.CompletedTask;
    }

    public Task RemoveAsync(JobId job)
    {
        _shares.Remove(job);
        return Task.CompletedTask;
    }

    public Task ChargeAsync(JobId job, double engineSeconds)
    {
        _shares.Charge(job, engineSeconds);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<JobId>> ListAsync() => Task.FromResult<IReadOnlyList<JobId>>([.. _shares.InOrder()]);
}
