using System.Collections.Concurrent;
using System.Threading.Channels;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;
using Dpvr.Silo.Intake;
using Orleans.Runtime;

namespace Dpvr.Silo.Api.Batches;

/// <summary>Moves the open batches on, each apart from the others: a large file that is read holds up nobody. Finds at its start what earlier hosts left, and now and then what others began.</summary>
internal sealed partial class BatchKeeper(BatchStore batches, BatchSteps steps, ApiOptions options, TimeProvider time, ILogger<BatchKeeper> logger) : BackgroundService
{
    private const int MostFailures = 20;
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (int Count, long At)> _failures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> _working = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _open = new(StringComparer.Ordinal);
    private readonly Channel<bool> _nudges = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>A batch was created or cancelled: it is looked at now.</summary>
    public void Nudge(string id)
    {
        _open[id] = true;
        _nudges.Writer.TryWrite(true);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var looked = (long?)null;
        try
        {
            while (true)
            {
                if (looked is not { } at || time.GetElapsedTime(at) >= s_look)
                {
                    looked = time.GetTimestamp();
                    await LookAsync(stoppingToken);
                }
                foreach (var id in _open.Keys)
                    if ((!_working.TryGetValue(id, out var work) || work.IsCompleted) && !(_failures.TryGetValue(id, out var failed) && time.GetElapsedTime(failed.At) < s_afterFailure))
                        _working[id] = MoveOnAsync(id, stoppingToken);
                await WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(_working.Values);
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        using var interval = new CancellationTokenSource(options.EventInterval, time); // may end while it is disposed, which a timer's own call of Cancel may not
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(stop, interval.Token);
        try
        {
            await _nudges.Reader.ReadAsync(wait.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Nobody nudged: the interval is over.
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        try
        {
            foreach (var id in await batches.ListOpenAsync(stop)) _open[id] = true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(logger, e, "all batches");
        }
    }

    private async Task MoveOnAsync(string id, CancellationToken stop)
    {
        await Task.Yield();
        try
        {
            var ended = await steps.MoveOnAsync(id, stop);
            _failures.TryRemove(id, out _);
            if (!ended) return;
            _open.TryRemove(id, out _);
            _working.TryRemove(id, out _);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The next host goes on.
        }
        catch (TooManyJobsException)
        {
            // It stays in validation until another job of its submitter has ended.
            _failures[id] = (0, time.GetTimestamp());
        }
        catch (Exception e)
        {
            LogFailed(logger, e, id);
            await FailedAsync(id, e, stop);
        }
    }

    // A store or cluster that is away comes back; what fails for another reason is not tried for ever.
    private async Task FailedAsync(string id, Exception e, CancellationToken stop)
    {
        var passes = e is TimeoutException or OrleansException or BlobStoreException { Code: ErrorCodes.StoreUnavailable or ErrorCodes.AuthExpired or ErrorCodes.OutputFull or ErrorCodes.OutputReadonly };
        var count = (_failures.TryGetValue(id, out var before) ? before.Count : 0) + (passes ? 0 : 1);
        _failures[id] = (count, time.GetTimestamp());
        if (count < MostFailures) return;
        try
        {
            await steps.GiveUpAsync(id, cancels: count < 2 * MostFailures, stop);
        }
        catch (Exception again) when (again is not OperationCanceledException)
        {
            LogFailed(logger, again, id);
        }
    }

    [LoggerMessage(1603, LogLevel.Error, "Batch {Batch} could not be moved on; it is tried again")]
    private static partial void LogFailed(ILogger logger, Exception exception, string batch);
}
