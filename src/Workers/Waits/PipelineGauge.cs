using Dpvr.Workers.Engine;

namespace Dpvr.Workers.Waits;

/// <summary>
/// How much work stands in each stage before and after the engine, and how long the engine waited for which of them.
/// A starved accelerator shows here why. Thread-safe.
/// </summary>
public sealed class PipelineGauge
{
    private readonly long[] _waited = new long[Enum.GetValues<WaitCause>().Length];
    private int _fetching, _decoding, _writing;

    /// <summary>The engine between those stages.</summary>
    public EngineWatch Engine { get; } = new();

    internal void Fetching(int change) => Interlocked.Add(ref _fetching, change);
    internal void Decoding(int change) => Interlocked.Add(ref _decoding, change);
    internal void Writing(int change) => Interlocked.Add(ref _writing, change);

    /// <summary>What an engine that has no work now waits for: the stage nearest to it that has some.</summary>
    public WaitCause Cause =>
        Volatile.Read(ref _decoding) > 0 ? WaitCause.Decode :
        Volatile.Read(ref _fetching) > 0 ? WaitCause.Fetch :
        Volatile.Read(ref _writing) > 0 ? WaitCause.Write : WaitCause.Queue;

    internal void AddWait(WaitCause cause, TimeSpan time) => Interlocked.Add(ref _waited[(int)cause], time.Ticks);

    /// <summary>Time that the engine had no work because of <paramref name="cause"/>.</summary>
    public TimeSpan Waited(WaitCause cause) => TimeSpan.FromTicks(Interlocked.Read(ref _waited[(int)cause]));
}
