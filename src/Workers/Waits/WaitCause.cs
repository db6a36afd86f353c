namespace Dpvr.Workers.Waits;

/// <summary>What an engine without work waits for.</summary>
public enum WaitCause
{
    /// <summary>The next shard: no lease is in hand.</summary>
    Queue,

    /// <summary>The bytes of pictures.</summary>
    Fetch,

    /// <summary>Decoding and resizing.</summary>
    Decode,

    /// <summary>Results of earlier shards are still being written, and only so many shards may be in hand.</summary>
    Write,
}
