using Dpvr.Workers.Waits;

namespace Dpvr.Workers.Engine;

/// <summary>What a worker's engine holds now, and where the time of all the engines that it had went. Written by the engine's thread, read by any.</summary>
public sealed class EngineWatch
{
    private readonly Lock _gate = new();
    private ICaptionEngine? _engine;
    private EngineLoad _now;
    private EngineTimes _before;
    private int _queued;
    private WaitCause? _waitsFor;

    /// <summary>What it holds now; nothing while there is none.</summary>
    public EngineLoad Load
    {
        get { lock (_gate) return _now; }
    }

    /// <summary>Requests that wait for a slot, within the engine and before it.</summary>
    public int Waiting
    {
        get { lock (_gate) return _now.Waiting + _queued; }
    }

    /// <summary>What it waits for now; null while it computes, and while there is none.</summary>
    public WaitCause? WaitsFor
    {
        get { lock (_gate) return _waitsFor; }
    }

    /// <summary>Seconds by phase since the worker's start.</summary>
    public EngineTimes Times
    {
        get { lock (_gate) return _before + EngineTimes.Of(_now); }
    }

    /// <summary>Bytes that are free now on what it computes with; null where that cannot be read.</summary>
    public long? FreeBytes
    {
        get
        {
            ICaptionEngine? engine;
            lock (_gate) engine = _engine;
            return engine?.FreeBytes;
        }
    }

    internal void Begin(ICaptionEngine engine)
    {
        lock (_gate) (_engine, _now) = (engine, engine.Load);
    }

    internal void OnStep(EngineLoad load, int queued)
    {
        lock (_gate) (_now, _queued) = (load, queued);
    }

    internal void OnWait(WaitCause? cause)
    {
        lock (_gate) _waitsFor = cause;
    }

    /// <summary>The engine is gone: what it did stays counted.</summary>
    internal void End()
    {
        lock (_gate)
        {
            _before += EngineTimes.Of(_now);
            (_engine, _now, _queued, _waitsFor) = (null, default, 0, null);
        }
    }
}
