namespace Dpvr.Model.Engine;

/// <summary>
/// Which prefix's keys and values stand in which entry of the cache. An entry that somebody reads stays; those that nobody reads are
/// kept for further questions and given away oldest first.
/// </summary>
internal sealed class PrefixPool(int entries)
{
    private readonly Dictionary<string, Entry> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _unread = []; // oldest first
    private readonly Stack<int> _free = new(Enumerable.Range(0, entries).Reverse());

    /// <summary>Entries that somebody reads.</summary>
    internal int Read => _byKey.Count - _unread.Count;

    internal bool Holds(string key) => _byKey.ContainsKey(key);

    /// <summary>True when <see cref="Take"/> would succeed.</summary>
    internal bool HasRoomFor(string key) => Holds(key) || _free.Count > 0 || _unread.Count > 0;

    /// <summary>A reader comes. The entry, and whether its keys and values are still to be computed; call only where there is room.</summary>
    internal (int Number, bool IsNew) Take(string key)
    {
        if (_byKey.TryGetValue(key, out var known))
        {
            if (known.Readers++ == 0) _unread.Remove(known);
            return (known.Number, false);
        }
        var number = _free.Count > 0 ? _free.Pop() : GiveAway();
        _byKey.Add(key, new Entry(key, number) { Readers = 1 });
        return (number, true);
    }

    /// <summary>A reader goes.</summary>
    internal void Leave(string key)
    {
        var entry = _byKey[key];
        if (entry.Readers == 0) throw new InvalidOperationException($"Nobody reads prefix {key}.");
        if (--entry.Readers == 0) _unread.AddLast(entry);
    }

    /// <summary>Forgets a prefix that is of no use, so that whoever asks next computes it anew. False while somebody still reads it.</summary>
    internal bool Forget(string key)
    {
        if (!_byKey.TryGetValue(key, out var entry) || entry.Readers > 0) return false;
        _unread.Remove(entry);
        _byKey.Remove(key);
        _free.Push(entry.Number);
        return true;
    }

    private int GiveAway()
    {
        var oldest = _unread.First?.Value ?? throw new InvalidOperationException($"All {entries} prefixes are being read.");
        _unread.RemoveFirst();
        _byKey.Remove(oldest.Key);
        return oldest.Number;
    }

    private sealed class Entry(string key, int number)
    {
        internal string Key => key;
        internal int Number => number;
        internal int Readers { get; set; }
    }
}
