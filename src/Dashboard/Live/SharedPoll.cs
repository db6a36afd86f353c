namespace Dpvr.Dashboard.Live;

/// <summary>Something that is looked at every so often as long as anybody watches it: one look for all who watch the same, each told of what came out.</summary>
/// <param name="read">Looks.</param>
/// <param name="isFinal">True for what will not change any more.</param>
/// <param name="interval">Time between two looks. A look that takes long is followed by twenty times its time of rest, so that looking never takes more than a twentieth of a core.</param>
/// <param name="time">The clock.</param>
/// <param name="isPartial">True for what is read in pieces and not read to its end yet: then three times its time of rest is enough, for it ends. Null: nothing is.</param>
internal sealed class SharedPoll<TKey, TValue>(Func<TKey, CancellationToken, Task<TValue>> read, Func<TValue, bool> isFinal, TimeSpan interval, TimeProvider time, Func<TValue, bool>? isPartial = null) where TKey : notnull
{
    private const int RestFactor = 20, RestFactorOfPieces = 3;
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Round> _rounds = [];

    /// <summary>Things that are being watched.</summary>
    public int Count
    {
        get { lock (_gate) return _rounds.Count; }
    }

    /// <summary>Watches until it is disposed. What was seen last is told at once; everything is told from another thread, the older before the newer.</summary>
    public IDisposable Watch(TKey key, Action<Seen<TValue>> told)
    {
        lock (_gate)
        {
            if (!_rounds.TryGetValue(key, out var round))
            {
                _rounds.Add(key, round = new Round());
                round.Task = Task.Run(() => RunAsync(key, round));
            }
            var watcher = new Watcher(this, key, round, told);
            round.Watchers.Add(watcher);
            if (round.Last is { } last) _ = Task.Run(() => watcher.Tell(last.Number, last.Seen));
            return watcher;
        }
    }

    /// <summary>Looks again now, after something was done.</summary>
    public void Nudge(TKey key)
    {
        lock (_gate)
            if (_rounds.TryGetValue(key, out var round)) round.Nudge.TrySetResult();
    }

    private async Task RunAsync(TKey key, Round round)
    {
        while (!round.Stop.IsCancellationRequested)
        {
            var nudge = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate) round.Nudge = nudge;
            var began = time.GetTimestamp();
            Seen<TValue> seen;
            try
            {
                seen = new Seen<TValue>(await read(key, round.Stop.Token), null);
            }
            catch (Exception e) when (!round.Stop.IsCancellationRequested)
            {
                // Whoever watches is told, and it is tried again: a cluster that lost a silo answers a little later.
                seen = new Seen<TValue>(default, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            Tell(round, seen);
            if (seen is { Fault: null, Value: { } value } && isFinal(value)) await Task.WhenAny(nudge.Task, Task.Delay(Timeout.InfiniteTimeSpan, time, round.Stop.Token));
            else
            {
                var rest = (seen is { Fault: null, Value: { } some } && isPartial?.Invoke(some) == true ? RestFactorOfPieces : RestFactor) * time.GetElapsedTime(began);
                await Task.WhenAny(nudge.Task, Task.Delay(rest > interval ? rest : interval, time, round.Stop.Token));
            }
        }
    }

    private void Tell(Round round, Seen<TValue> seen)
    {
        Watcher[] watchers;
        long number;
        lock (_gate)
        {
            number = ++round.Looks;
            if (seen.Fault is null) round.Last = (number, seen);
            watchers = [.. round.Watchers];
        }
        foreach (var watcher in watchers) watcher.Tell(number, seen);
    }

    private void End(Watcher watcher)
    {
        lock (_gate)
        {
            if (!watcher.Round.Watchers.Remove(watcher) || watcher.Round.Watchers.Count > 0) return;
            _rounds.Remove(watcher.Key);
            watcher.Round.Stop.Cancel();
        }
    }

    private sealed class Round
    {
        public List<Watcher> Watchers { get; } = [];

        public CancellationTokenSource Stop { get; } = new();

        public TaskCompletionSource Nudge { get; set; } = new();

        public long Looks { get; set; }

        public (long Number, Seen<TValue> Seen)? Last { get; set; }

        public Task? Task { get; set; }
    }

    private sealed class Watcher(SharedPoll<TKey, TValue> poll, TKey key, Round round, Action<Seen<TValue>> told) : IDisposable
    {
        private readonly Lock _order = new();
        private long _told;

        public TKey Key => key;

        public Round Round => round;

        /// <summary>What comes after something newer is let go: else a page would go on showing it, where what was newer is final.</summary>
        public void Tell(long number, Seen<TValue> seen)
        {
            lock (_order)
            {
                if (number <= _told) return;
                _told = number;
                told(seen);
            }
        }

        public void Dispose() => poll.End(this);
    }
}
