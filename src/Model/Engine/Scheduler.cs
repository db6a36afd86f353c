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
    /// only while what they cost stays within <paramref name="budget"/>. Nobody overtakes: where one finds no room, those behind it wait too.
    /// </summary>
    /// <param name="most">Sequences.</param>
    /// <param name="budget">Tokens to compute.</param>
    /// <param name="cost">Tokens that a sequence costs when it is admitted now; null when there is no room for it.</param>
    /// <param name="admit">Told each sequence that was admitted.</param>
    internal IReadOnlyList<Sequence> Admit(int most, long budget, Func<Sequence, int?> cost, Action<Sequence> admit)
    {
        var admitted = new List<Sequence>();
        for (var slot = 0; slot < slots && admitted.Count < most && _waiting.First?.Value is { } next; slot++)
        {
            if (_slots[slot] is not null) continue;
            if (cost(next) is not { } tokens || (tokens > budget && admitted.Count > 0)) break;
            budget -= tokens;
            _waiting.RemoveFirst();
            _slots[slot] = next;
            next.Slot = slot;
            Live++;
            admitted.Add(next);
            admit(next);
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

    /// <summary>The running sequences that read a prefix.</summary>
    internal Sequence[] Reading(int entry) => [.. _slots.OfType<Sequence>().Where(s => s.Entry == entry)];

    /// <summary>The request of this name, waiting or running; null when it is not here.</summary>
    internal Sequence? Find(string id) => _waiting.FirstOrDefault(s => s.Request.Id == id) ?? Array.Find(_slots, s => s?.Request.Id == id);

    /// <summary>Takes a waiting request out of the queue.</summary>
    internal void Withdraw(Sequence sequence) => _waiting.Remove(sequence);
}
