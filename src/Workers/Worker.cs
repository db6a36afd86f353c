using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Shards;
using Dpvr.Workers.Shards;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dpvr.Workers;

/// <summary>
/// The pull loop: leases the next shard while the last is still computed, so that the engine never waits for a lease. When
/// the host stops, shards that were begun get <see cref="WorkerOptions.DrainTime"/> to finish; the others are given back.
/// </summary>
internal sealed partial class Worker(IGrainFactory grains, ShardRunner runner, WorkerStatus status, IOptions<WorkerOptions> options, TimeProvider time, ILogger<Worker> log) : BackgroundService
{
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestAfterFault = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestAfterStoreFault = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastLease = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly List<Running> _running = [];
    private readonly CancellationTokenSource _silence = new();
    private int _faults;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested) await StepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        await DrainAsync();
    }

    private async Task StepAsync(CancellationToken stopping)
    {
        Sweep();
        if (HasEnough())
        {
            await Task.WhenAny(AnyEndedAsync(stopping), Task.Delay(LookAgain, time, stopping));
            return;
        }
        // Without an engine shards come back at once: no more of them until it may be worth another try.
        if (status.EngineFault is not null) await Task.Delay(AfterFault, time, stopping);
        // The same where the store answers others but not this worker.
        if (status.StoreFaults is > 0 and var faults) await Task.Delay(GrainCalls.Pause(faults - 1, AfterFault, LongestAfterStoreFault), time, stopping);
        var reply = await LeaseAsync(stopping);
        if (reply.Lease is { } lease) await TakeAsync(lease, stopping);
        else await Task.WhenAny([Task.Delay(reply.RetryAfter, time, stopping), .. _running.Select(r => r.Task)]);
    }

    private async Task TakeAsync(Lease lease, CancellationToken stopping)
    {
        if (!lease.Suspect && _running.All(r => r.Lease.Engine == lease.Engine))
        {
            _ = Begin(lease, Task.CompletedTask);
            return;
        }
        // An earlier attempt took its process with it: alone, a crash accuses the right one. And another engine takes the place of this one, which must have ended its work.
        // The lease is held by its heartbeats meanwhile.
        var before = Task.WhenAll(_running.Select(r => r.Task));
        var begun = Begin(lease, before);
        await before.WaitAsync(stopping);
        if (lease.Suspect) await begun.WaitAsync(stopping);
    }

    private async Task<LeaseReply> LeaseAsync(CancellationToken stopping)
    {
        try
        {
            // Not cancelled when the host stops: a lease that was given out and is never heard of would end by its time, and count as a failed attempt. It is waited for and given back.
            var asked = grains.GetGrain<IJobBoardGrain>(0).LeaseAsync(options.Value.Name, CancellationToken.None);
            await ((Task)asked.WaitAsync(stopping)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var reply = await asked.WaitAsync(LastLease, time, CancellationToken.None);
            _faults = 0;
            return reply;
        }
        catch (Exception e)
        {
            LogNoLease(e);
            return new LeaseReply { RetryAfter = GrainCalls.Pause(_faults++, AfterFault, LongestAfterFault) };
        }
    }

    /// <summary>A full batch that is computed and another that is made ready, or as many shards as may be held.</summary>
    private bool HasEnough()
    {
        if (_running.Count >= options.Value.MostShardsInHand) return true;
        var open = _running.Where(r => !status.IsReporting(r.Lease)).ToList();
        if (open.Count < options.Value.ShardsInHand) return false;
        return status.Engine is not { } engine || open.Sum(r => r.Lease.Plan.Count - status.DoneOf(r.Lease)) >= 2 * engine.Slots;
    }

    private Task Begin(Lease lease, Task before)
    {
        var abandon = new CancellationTokenSource();
        var running = Task.Run(() => runner.RunAsync(lease, before, abandon.Token, _silence.Token));
        _running.Add(new Running(lease, running, abandon));
        return running;
    }

    private Task AnyEndedAsync(CancellationToken stopping) => Task.WhenAny(_running.Select(r => r.Task)).WaitAsync(stopping);

    private void Sweep()
    {
        foreach (var ended in _running.Where(r => r.Task.IsCompleted).ToList())
        {
            _running.Remove(ended);
            ended.Abandon.Dispose();
            if (ended.Task.Exception is { } e) LogRunnerFault(e);
        }
    }

    private async Task DrainAsync()
    {
        Sweep();
        if (_running.Count == 0) return;
        LogDraining(_running.Count);
        var begun = _running.Where(r => status.DoneOf(r.Lease) > 0).ToList();
        foreach (var other in _running.Except(begun)) await other.Abandon.CancelAsync();
        using var patience = new CancellationTokenSource(options.Value.DrainTime, time);
        await using var _ = patience.Token.Register(() => begun.ForEach(r => r.Abandon.Cancel()));
        // The coordinator may be gone for good: what is still unsaid then, the store knows, and the leases end by themselves.
        using var unheard = new CancellationTokenSource(options.Value.DrainTime + LastWords, time);
        await using var end = unheard.Token.Register(_silence.Cancel);
        await Task.WhenAll(_running.Select(r => r.Task)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        _silence.Dispose();
        base.Dispose();
    }

    private sealed record Running(Lease Lease, Task Task, CancellationTokenSource Abandon);
}
