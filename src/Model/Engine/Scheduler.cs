namespace Dpvr.Model.Engine;

/// <summary>Who waits, who runs, and in which slot. Slots 0…Live−1 are taken while a step decodes, so that dead ones cost nothing.</summary>
internal sealed class Scheduler(int slots)
{
    private readonly LinkedList<Sequence> _waiting = [];
    private readonly Sequence?[] _slots = new Sequence?[slots];

    internal int Waiting => _waiting.Count;

    internal int Live { get; private set; }

    /// <summary>Slots that nobody has or waits for.</summary>
    internal int Free => Math.Max(0, slots - Live - Waiting);

    internal void Enqueue(Sequence sequence) => _waiting.AddLast(sequence);

    /// <summary>
    /// Gives free slots, lowest first, to waiting sequences in order of arrival: at most <paramref name="most"/>, and after the first
    /// only while their prompts stay within <paramref name="tokens"/>.
    /// </summary>
    internal IReadOnlyList<Sequence> Admit(int most, int tokens = int.MaxValue)
    {
        var admitted = new List<Sequence>();
        long left = tokens;
        for (var slot = 0; slot < slots && admitted.Count < most && _waiting.First is { } next; slot++)
        {
            if (_slots[slot] is not null) continue;
            left -= next.Value.PromptTokens;
            if (left < 0 && admitted.Count > 0) break;
            _waiting.RemoveFirst();
            _slots[slot] = next.Value;
            next.Value.Slot = slot;
            admitted.Add(next.Value);
            Live++;
        }
        return admitted;
    }

    internal void Release(Sequence sequence)
    {
        if (_slots[sequence.Slot] != sequence) throw new InvalidOperationException($"Request {sequence.Request.Id} does not hold slot {sequence.Slot}.");
        _slots[sequence.Slot] = null;
        Live--;
    }

    /// <summary>Moves sequences from the tail into holes; says which slot went where.</summary>
    internal IReadOnlyList<(int From, int To)> Compact()
    {
        List<(int, int)>? moves = null;
        for (int hole = 0, tail = slots - 1; ;)
        {
            while (hole < slots && _slots[hole] is not null) hole++;
            while (tail >= 0 && _slots[tail] is null) tail--;
            if (hole >= tail) return moves ?? [];
            (_slots[hole], _slots[tail]) = (_slots[tail], null);
            _slots[hole]!.Slot = hole;
            (moves ??= []).Add((tail, hole));
        }
    }

    /// <summary>The live sequences in slot order; call after <see cref="Compact"/>.</summary>
    internal Sequence[] Running() => [.. _slots.Take(Live).Select((s, i) => s ?? throw new InvalidOperationException($"Slot {i} is empty among live ones."))];

    /// <summary>Takes a request back; null when it is not here.</summary>
    internal Sequence? Remove(string id)
    {
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (node.Value.Request.Id != id) continue;
            _waiting.Remove(node);
            return node.Value;
        }
        var running = Array.Find(_slots, s => s?.Request.Id == id);
        if (running is not null) Release(running);
        return running;
    }
}
