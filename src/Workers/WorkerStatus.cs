using System.Collections.Concurrent;
using Dpvr.Contracts.Shards;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Shards;

namespace Dpvr.Workers;

/// <summary>What a worker has in hand, for whoever shows it. Thread-safe.</summary>
public sealed class WorkerStatus
{
    private readonly ConcurrentDictionary<ShardWork, byte> _shards = new();
    private readonly ConcurrentDictionary<Lease, byte> _reporting = new(ReferenceEqualityComparer.Instance);
    private long _tokens, _images;
    private int _storeFaults;
    private volatile EngineDescription? _engine;
    private volatile Exception? _engineFault;

    /// <summary>The engine, once it can compute.</summary>
    public EngineDescription? Engine => _engine;

    /// <summary>Why the engine could not be made, until one can.</summary>
    public Exception? EngineFault => _engineFault;

    /// <summary>Shards in a row that were given back because the store did not answer.</summary>
    public int StoreFaults => Volatile.Read(ref _storeFaults);

    /// <summary>Shards that are being computed.</summary>
    public int ShardsInHand => _shards.Count;

    /// <summary>Pictures that are computed but not yet committed.</summary>
    public int ImagesInHand => _shards.Keys.Sum(static s => s.ItemsDone);

    /// <summary>Requests that failed in shards not yet committed.</summary>
    public int FailedInHand => _shards.Keys.Sum(static s => s.RequestsFailed);

    /// <summary>Pictures computed since the start.</summary>
    public long Images => Interlocked.Read(ref _images) + ImagesInHand;

    /// <summary>Shards that were begun and have not ended.</summary>
    public int OpenShards => _shards.Count;

    /// <summary>Tokens made since the start.</summary>
    public long Tokens => Interlocked.Read(ref _tokens);

    /// <summary>Pictures of a lease that are computed.</summary>
    internal int DoneOf(Lease lease) => _shards.Keys.FirstOrDefault(s => ReferenceEquals(s.Lease, lease))?.ItemsDone ?? 0;

    /// <summary>True when a lease's work is over and only its report is on the way: no reason not to ask for more.</summary>
    internal bool IsReporting(Lease lease) => _reporting.ContainsKey(lease);

    internal void OnReporting(Lease lease) => _reporting.TryAdd(lease, 0);
    internal void OnReported(Lease lease) => _reporting.TryRemove(lease, out _);
    internal void OnEngine(EngineDescription engine) => (_engine, _engineFault) = (engine, null);
    internal void OnEngineFault(Exception fault) => _engineFault = fault;
    internal void OnStoreFault() => Interlocked.Increment(ref _storeFaults);
    internal void OnStoreAnswers() => Volatile.Write(ref _storeFaults, 0);
    internal void OnTokens(int count) => Interlocked.Add(ref _tokens, count);
    internal void OnBegun(ShardWork shard) => _shards.TryAdd(shard, 0);
    internal void OnEnded(ShardWork shard)
    {
        if (_shards.TryRemove(shard, out _)) Interlocked.Add(ref _images, shard.ItemsDone);
    }
}
