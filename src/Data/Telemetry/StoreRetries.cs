namespace Dpvr.Data.Telemetry;

/// <summary>Counts tries after the first. Thread-safe.</summary>
public sealed class StoreRetries
{
    private long _count;

    /// <summary>So many since the start.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>One more.</summary>
    public void Add() => Interlocked.Increment(ref _count);
}
