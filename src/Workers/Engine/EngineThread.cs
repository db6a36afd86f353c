using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Dpvr.Contracts.Jobs;
using Dpvr.Workers.Pictures;
using Dpvr.Workers.Waits;

namespace Dpvr.Workers.Engine;

/// <summary>
/// The one thread that an engine lives on: creates it, feeds it, steps it and disposes it. Requests come through a bounded
/// channel; each caller awaits its own completion.
/// </summary>
public sealed class EngineThread : IAsyncDisposable
{
    /// <summary>How finely waiting is attributed to causes, which change while the engine waits.</summary>
    private static readonly TimeSpan WaitSlice = TimeSpan.FromMilliseconds(5);

    private readonly Channel<Pending> _requests;
    private readonly Channel<Pending> _urgent;
    private readonly Func<ICaptionEngine> _create;
    private readonly PipelineGauge _gauge;
    private readonly TimeProvider _time;
    private readonly EngineInstruments? _instruments;
    private readonly string _name;
    private readonly TaskCompletionSource<EngineReady> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<long, Pending> _live = [];
    private Task<bool>? _work, _urgentWork;
    private long _lastId;
    private volatile bool _stopping;

    /// <summary>Starts the thread, which at once creates the engine (loads libtorch and the weights) while the host starts.</summary>
    public EngineThread(Func<ICaptionEngine> create, PipelineGauge gauge, TimeProvider time, int capacity = 64, EngineInstruments? instruments = null, string name = "work")
    {
        // Requests carry decoded pictures (1 MB each at 336²): enough to refill every slot at once, no more.
        _requests = Channel.CreateBounded<Pending>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        // Somebody waits for each of these; more than this many wait outside.
        _urgent = Channel.CreateBounded<Pending>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        (_create, _gauge, _time, _instruments, _name) = (create, gauge, time, instruments, name);
        new Thread(Run) { Name = "dpvr-engine", IsBackground = true }.Start();
    }

    /// <summary>Completes when the engine is ready; fails with what its creation threw.</summary>
    public Task<EngineReady> Ready => _ready.Task;

    /// <summary>True when the thread takes no more requests.</summary>
    public bool HasEnded => _ended.Task.IsCompleted;

    /// <summary>
    /// Takes one prompt about one picture; waits while the engine has enough to do. The inner task is the completion, which
    /// fails with <see cref="EngineFaultException"/> when the engine fails as a whole.
    /// </summary>
    /// <exception cref="EngineFaultException">The engine has stopped.</exception>
    public Task<Task<EngineCompletion>> SubmitAsync(PreparedPicture picture, string prompt, SamplingSpec sampling, CancellationToken cancellationToken) =>
        WriteAsync(_requests, new EngineRequest { Id = Interlocked.Increment(ref _lastId), Picture = picture, Prompt = prompt, Sampling = sampling }, cancellationToken);

    /// <summary>The same before all that waits, telling the answer as it is made.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="prompt">What is asked.</param>
    /// <param name="sampling">How tokens are chosen.</param>
    /// <param name="onText">See <see cref="EngineRequest.OnText"/>.</param>
    /// <param name="cancellationToken">Ends the wait for a slot; an answer that was begun is finished.</param>
    /// <exception cref="EngineFaultException">The engine has stopped.</exception>
    public async Task<EngineCompletion> AnswerAsync(PreparedPicture picture, string prompt, SamplingSpec sampling, Action<string>? onText, CancellationToken cancellationToken) =>
        await await WriteAsync(_urgent, new EngineRequest { Id = Interlocked.Increment(ref _lastId), Picture = picture, Prompt = prompt, Sampling = sampling, OnText = onText }, cancellationToken);

    private async Task<Task<EngineCompletion>> WriteAsync(Channel<Pending> to, EngineRequest request, CancellationToken cancellationToken)
    {
        var pending = new Pending(request, new TaskCompletionSource<EngineCompletion>(TaskCreationOptions.RunContinuationsAsynchronously), _time.GetTimestamp(), cancellationToken);
        try
        {
            await to.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new EngineFaultException("the engine has stopped.", e);
        }
        return pending.Completion.Task;
    }

    private void Run()
    {
        try
        {
            while (RunOneEngine()) { }
        }
        catch (Exception e)
        {
            _ready.TrySetException(e);
            FailAll(e);
        }
        _requests.Writer.TryComplete();
        _urgent.Writer.TryComplete();
        while (TryTake(out var left)) left.Completion.TrySetException(new EngineFaultException("the engine has stopped."));
        _ended.TrySetResult();
    }

    /// <summary>True when the engine failed and another should take its place.</summary>
    private bool RunOneEngine()
    {
        using var engine = _create();
        using var meter = _instruments is null ? null : new EngineMeter(_instruments, _name, engine);
        _gauge.Engine.Begin(engine);
        _ready.TrySetResult(new EngineReady(engine.Description, engine.Pictures));
        try
        {
            while (!_stopping && Feed(engine))
            {
                var ended = engine.Step();
                var (load, queued) = (engine.Load, _requests.Reader.Count + _urgent.Reader.Count);
                _gauge.Engine.OnStep(load, queued);
                meter?.OnStep(load, queued);
                foreach (var completion in ended)
                {
                    if (!_live.Remove(completion.Id, out var done)) continue;
                    var told = completion with { Queued = done.Queued };
                    meter?.OnCompleted(told);
                    done.Completion.TrySetResult(told);
                }
            }
            FailAll(new OperationCanceledException("the engine was stopped."));
            return false;
        }
        catch (Exception e)
        {
            // What it held is lost; what it will be given next may be sound: the job decides about retries.
            meter?.OnFailed();
            FailAll(e);
            return true;
        }
        finally
        {
            _gauge.Engine.End();
        }
    }

    /// <summary>Refills free slots and, when there is nothing to compute, waits. False when no request will ever come.</summary>
    private bool Feed(ICaptionEngine engine)
    {
        while (!_stopping)
        {
            while (engine.FreeSlots > 0 && TryTake(out var next))
            {
                if (next.Cancelled.IsCancellationRequested)
                {
                    next.Completion.TrySetCanceled(next.Cancelled);
                    continue;
                }
                next.Queued = _time.GetElapsedTime(next.Since);
                _live.Add(next.Request.Id, next);
                engine.Submit(next.Request);
            }
            if (!engine.IsIdle) return true;
            if (!WaitForWork()) return false;
        }
        return false;
    }

    private bool TryTake([NotNullWhen(true)] out Pending? next) => _urgent.Reader.TryRead(out next) || _requests.Reader.TryRead(out next);

    private bool WaitForWork()
    {
        // Kept over calls: what ended one of them may have been the other queue.
        var work = _work ??= _requests.Reader.WaitToReadAsync().AsTask();
        var now = _urgentWork ??= _urgent.Reader.WaitToReadAsync().AsTask();
        while (!work.IsCompleted && !now.IsCompleted)
        {
            var (cause, begun) = (_gauge.Cause, _time.GetTimestamp());
            _gauge.Engine.OnWait(cause);
            Task.WaitAny([work, now], WaitSlice);
            _gauge.AddWait(cause, _time.GetElapsedTime(begun));
        }
        _gauge.Engine.OnWait(null);
        if (now.IsCompleted) _urgentWork = null;
        if (!work.IsCompleted) return now.GetAwaiter().GetResult();
        _work = null;
        return work.GetAwaiter().GetResult();
    }

    private void FailAll(Exception e)
    {
        var fault = new EngineFaultException($"the engine failed: {e.GetType().Name}: {e.Message}", e);
        foreach (var pending in _live.Values) pending.Completion.TrySetException(fault);
        _live.Clear();
    }

    /// <summary>Ends the thread after the step that it is in; what was not completed fails.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _requests.Writer.TryComplete();
        _urgent.Writer.TryComplete();
        await _ended.Task;
    }

    private sealed record Pending(EngineRequest Request, TaskCompletionSource<EngineCompletion> Completion, long Since, CancellationToken Cancelled)
    {
        public TimeSpan Queued { get; set; }
    }
}
