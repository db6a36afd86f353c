using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Silo.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Dpvr.Silo.Board;

/// <summary>Asks jobs for a shard in the order of <see cref="FairShare"/>. Reentrant, since jobs call it while it waits for them. What it knows it reads from the store: a new activation goes on.</summary>
[Reentrant]
internal sealed partial class JobBoardGrain(JobStore store, IOptions<DpvrSiloOptions> options, [FromKeyedServices(DpvrSilo.Clock)] TimeProvider time, ILogger<JobBoardGrain> logger) : Grain, IJobBoardGrain
{
    private const int TendsAtOnce = 8;
    private readonly FairShare _shares = new();
    private readonly HashSet<JobId> _ended = [];
    private readonly IdlePace _pace = new(options.Value, time);
    private readonly EngineStays _stays = new(options.Value.EngineStay, time);
    private readonly JobListing _listing = new(store);
    private Task? _tending;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Not awaited: jobs that are taken up register here, which they could not before the activation is done.
        _ = TendAsync();
        return Task.CompletedTask;
    }

    public Task PingAsync() => Task.CompletedTask;

    public async Task<LeaseReply> LeaseAsync(string worker, CancellationToken cancellationToken = default)
    {
        foreach (var job in _shares.InOrder(_stays.Of(worker)))
        {
            Lease? lease;
            try
            {
                lease = await Job(job).LeaseAsync(worker, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One job that cannot be asked now keeps nobody from the others.
                LogCannotAsk(logger, job, e);
                continue;
            }
            if (lease is null) continue;
            _shares.Leased(job);
            _stays.Leased(worker, lease.Engine);
            return new LeaseReply { Lease = lease };
        }
        return new LeaseReply { RetryAfter = _pace.Next() };
    }

    public Task RegisterAsync(JobShare share)
    {
        _ended.Remove(share.Job);
        _shares.Set(share);
        return Task.CompletedTask;
    }

    public Task RemoveAsync(JobId job)
    {
        _ended.Add(job);
        _shares.Remove(job);
        return Task.CompletedTask;
    }

    public Task ChargeAsync(JobId job, double engineSeconds)
    {
        _shares.Charge(job, engineSeconds);
        return Task.CompletedTask;
    }

    // Every silo's keeper calls; one round at a time is enough for all of them.
    public Task TendAsync() => _tending is { IsCompleted: false } running ? running : _tending = TendOnceAsync();

    public Task<JobPage> ListAsync(JobQuery query) => _listing.ReadAsync(query, job => Job(job).StatusAsync());

    private IJobGrain Job(JobId job) => GrainFactory.GetGrain<IJobGrain>(job.Value);

    private async Task TendOnceAsync()
    {
        var jobs = new HashSet<JobId>(_shares.Jobs);
        try
        {
            if (options.Value.ResumeJobsAtStart) jobs.UnionWith((await store.ListJobsAsync()).Where(job => !_ended.Contains(job)));
        }
        catch (BlobStoreException e)
        {
            LogCannotList(logger, e);
        }
        foreach (var some in jobs.Chunk(TendsAtOnce)) await Task.WhenAll(some.Select(TendAsync));
    }

    private async Task TendAsync(JobId job)
    {
        try
        {
            if (!_shares.Jobs.Contains(job) && await store.ReadEndAsync(job) is not null) _ended.Add(job);
            else if (await Job(job).TendAsync() is { } share) _shares.Set(share);
            else if (await store.ReadEndAsync(job) is not null) await RemoveAsync(job);
        }
        catch (Exception e) when (e is BlobStoreException or OrleansException or TimeoutException or InvalidOperationException)
        {
            LogCannotTend(logger, job, e);
        }
    }
}
