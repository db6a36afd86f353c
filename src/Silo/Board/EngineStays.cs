namespace Dpvr.Silo.Board;

/// <summary>
/// Keeps a worker with the engine it has made: to load another model costs minutes, so that jobs of different engines take turns by the stay, not by the shard,
/// and several workers come to divide the engines among them.
/// </summary>
internal sealed class EngineStays(TimeSpan stay, TimeProvider time)
{
    private const int ManyWorkers = 4096;
    private readonly Dictionary<string, (string Engine, long Since)> _workers = new(StringComparer.Ordinal);

    /// <summary>Workers remembered.</summary>
    public int Count => _workers.Count;

    /// <summary>The engine that a worker should stay with; null when it is free to change.</summary>
    public string? Of(string worker) =>
        _workers.TryGetValue(worker, out var known) && time.GetElapsedTime(known.Since) < stay ? known.Engine : null;

    /// <summary>Takes note of what a worker was given. Its stay begins with the engine's first shard.</summary>
    public void Leased(string worker, string engine)
    {
        if (_workers.TryGetValue(worker, out var known) && known.Engine == engine && time.GetElapsedTime(known.Since) < stay) return;
        if (_workers.Count >= ManyWorkers)
            foreach (var gone in _workers.Where(w => time.GetElapsedTime(w.Value.Since) >= stay).Select(static w => w.Key).ToList()) _workers.Remove(gone);
        _workers[worker] = (engine, time.GetTimestamp());
    }
}
