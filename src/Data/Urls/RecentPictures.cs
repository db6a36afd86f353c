using Dpvr.Data.Sources;

namespace Dpvr.Data.Urls;

/// <summary>
/// Pictures that were fetched a moment ago. Requests often put several questions to one picture, one after the other: its server is asked once. What is older than a
/// few seconds is asked for again, and errors always are.
/// </summary>
internal sealed class RecentPictures(TimeProvider time, long mostBytes = 32 << 20)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Gate> _gates = new(StringComparer.Ordinal); // of those that are asked for now

    private readonly Queue<(string Url, SourceBytes Picture, long At)> _order = new();
    private readonly Dictionary<string, SourceBytes> _known = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>The picture, from here or by <paramref name="fetch"/>; of several who ask at once one fetches.</summary>
    public async Task<SourceBytes> GetAsync(string url, Func<Task<SourceBytes>> fetch, CancellationToken cancellationToken)
    {
        var gate = Enter(url);
        try
        {
            await gate.Turn.WaitAsync(cancellationToken);
            try
            {
                if (Find(url) is { } known) return known;
                var fetched = await fetch();
                if (fetched.Error is null) Keep(url, fetched);
                return fetched;
            }
            finally
            {
                gate.Turn.Release();
            }
        }
        finally
        {
            Leave(url, gate);
        }
    }

    private Gate Enter(string url)
    {
        lock (_lock)
        {
            if (!_gates.TryGetValue(url, out var gate)) _gates.Add(url, gate = new Gate());
            gate.Askers++;
            return gate;
        }
    }

    private void Leave(string url, Gate gate)
    {
        lock (_lock)
            if (--gate.Askers == 0)
                _gates.Remove(url);
    }

    private SourceBytes? Find(string url)
    {
        lock (_lock)
        {
            Forget(0);
            return _known.GetValueOrDefault(url);
        }
    }

    private void Keep(string url, SourceBytes picture)
    {
        lock (_lock)
        {
            Forget(picture.Bytes.Length);
            if (picture.Bytes.Length > mostBytes || !_known.TryAdd(url, picture)) return;
            _order.Enqueue((url, picture, time.GetTimestamp()));
            _bytes += picture.Bytes.Length;
        }
    }

    private void Forget(long room)
    {
        while (_order.TryPeek(out var oldest) && (_bytes + room > mostBytes || time.GetElapsedTime(oldest.At) > s_fresh))
        {
            _order.Dequeue();
            _known.Remove(oldest.Url);
            _bytes -= oldest.Picture.Bytes.Length;
        }
    }

    private sealed class Gate
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Askers { get; set; }
    }
}
