using System.Collections.Concurrent;

namespace Dpvr.Hosting.Auth;

/// <summary>Keys' records for a few seconds, misses too, so that not every call asks the store. So long a revoked key still opens.</summary>
internal sealed class KeyCache(IApiKeyStore store, TimeProvider time)
{
    private const int Most = 4096;
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (ApiKeyRecord? Record, long At)> _seen = new(StringComparer.Ordinal);

    public async Task<ApiKeyRecord?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (_seen.TryGetValue(id, out var known) && time.GetElapsedTime(known.At) < s_kept) return known.Record;
        var record = await store.FindAsync(id, cancellationToken);
        // Whoever tries ids at random fills it: then it simply begins anew.
        if (_seen.Count >= Most) _seen.Clear();
        _seen[id] = (record, time.GetTimestamp());
        return record;
    }
}
