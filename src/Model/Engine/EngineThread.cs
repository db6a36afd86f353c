using System.Threading.Channels;

namespace Dpvr.Model.Engine;

/// <summary>
/// A thread that owns an engine. Requests come through a bounded channel, so that whoever prepares them waits when the
/// engine has enough; each answer completes its own task.
/// </summary>
public sealed class EngineThread : IAsyncDisposable
{
    private readonly Channel<Work> _inbox;
    private readonly Dictionary<string, Work> _running = new(StringComparer.Ordinal);
    private readonly Func<GenerationEngine> _create;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<EngineOptions> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private long _waitedTicks, _next;
    private volatile EngineStatistics _statistics = new();

    /// <param name="create">Called on the thread; the engine it returns is disposed there.</param>
    /// <param name="capacity">Requests that may wait beside those that run: about one batch, so that a freed slot finds the next one ready.</param>
    /// <param name="time">Clock of <see cref="WaitedSeconds"/>; the system's when left out.</param>
    public EngineThread(Func<GenerationEngine> create, int capacity, TimeProvider? time = null)
    {
        (_create, _time) = (create, time ?? TimeProvider.System);
        _inbox = Channel.CreateBounded<Work>(new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        new Thread(Run) { IsBackground = true, Name = "dpvr engine" }.Start();
    }

    /// <summary>The engine's options once it stands; faulted when it could not be built.</summary>
    public Task<EngineOptions> Started => _started.Task;

    /// <summary>Seconds the engine had nothing to do, since its first request: a starved engine shows here.</summary>
    public double WaitedSeconds => TimeSpan.FromTicks(Interlocked.Read(ref _waitedTicks)).TotalSeconds;

    public EngineStatistics Statistics => _statistics;

    /// <summary>Continues one prompt. Waits while the inbox is full. Ids need not be unique.</summary>
    /// <exception cref="OperationCanceledException">Cancelled by the caller, or the thread was stopped.</exception>
    public async Task<GenerationResult> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken = default)
    {
        var work = new Work(request, Interlocked.Increment(ref _next).ToString(), new(TaskCreationOptions.RunContinuationsAsynchronously), cancellationToken);
        try
        {
            await _inbox.Writer.WriteAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw e.InnerException is { } cause ? new InvalidOperationException($"The engine stopped: {cause.Message}", cause)
                : new OperationCanceledException("The engine was stopped.");
        }
        return await work.Answer.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        try
        {
            using var engine = _create();
            _started.SetResult(engine.Options);
            while (!_stop.IsCancellationRequested && TakeIn(engine))
            {
                foreach (var work in _running.Values)
                    if (work.Cancellation.IsCancellationRequested) engine.Cancel(work.Key);
                foreach (var result in engine.Step()) Complete(result);
                _statistics = engine.Statistics;
            }
            End(null);
        }
        catch (Exception e) // the thread's end is told to everyone who waits for it
        {
            _started.TrySetException(e);
            End(e);
        }
    }

    /// <summary>Takes as many requests as there are free slots; waits for one when there is nothing else to do. False at the end.</summary>
    private bool TakeIn(GenerationEngine engine)
    {
        if (!engine.HasWork && !_inbox.Reader.TryPeek(out _))
        {
            var idle = _time.GetTimestamp();
            var more = _inbox.Reader.WaitToReadAsync(_stop.Token).AsTask().GetAwaiter().GetResult();
            if (_statistics.Prompts > 0) Interlocked.Add(ref _waitedTicks, _time.GetElapsedTime(idle).Ticks);
            if (!more) return false;
        }
        while (engine.FreeSlots > 0 && _inbox.Reader.TryRead(out var work))
        {
            if (work.Cancellation.IsCancellationRequested)
            {
                work.Answer.TrySetCanceled(work.Cancellation);
                continue;
            }
            _running.Add(work.Key, work);
            engine.Submit(work.Request with { Id = work.Key }); // the thread's own key: two callers may choose the same id
        }
        return true;
    }

    private void Complete(GenerationResult result)
    {
        _running.Remove(result.Id, out var work);
        if (result.Finish == FinishReason.Cancelled) work!.Answer.TrySetCanceled(work.Cancellation);
        else work!.Answer.TrySetResult(result with { Id = work.Request.Id });
    }

    private void End(Exception? cause)
    {
        var stopped = cause is OperationCanceledException && _stop.IsCancellationRequested;
        _inbox.Writer.TryComplete(stopped ? null : cause);
        while (_inbox.Reader.TryRead(out var work)) Abandon(work);
        foreach (var work in _running.Values) Abandon(work);
        _running.Clear();
        _ended.TrySetResult();

        void Abandon(Work work)
        {
            if (cause is null || stopped) work.Answer.TrySetCanceled();
            else work.Answer.TrySetException(new InvalidOperationException($"The engine stopped: {cause.Message}", cause));
        }
    }

    /// <summary>Stops after the step in hand; requests that are not answered are cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _inbox.Writer.TryComplete();
        await _ended.Task.ConfigureAwait(false);
        _stop.Dispose();
    }

    private sealed record Work(GenerationRequest Request, string Key, TaskCompletionSource<GenerationResult> Answer, CancellationToken Cancellation);
}
