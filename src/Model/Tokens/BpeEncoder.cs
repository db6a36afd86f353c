using System.Buffers;
using System.Collections.Concurrent;
using System.Text;

namespace Dpvr.Model.Tokens;

/// <summary>
/// The greedy merges of byte-pair encoding: the pair with the best rank first, the leftmost of equals. A queue of candidate
/// pairs makes it O(n log n). Text is cut before each run of ▁ when no piece crosses such a place, which changes no result
/// and lets short words be remembered.
/// </summary>
internal sealed class BpeEncoder
{
    private const int LongestCachedWord = 24;
    private const int CachedWords = 32_768;

    private readonly TokenizerSpec _spec;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;
    private readonly int _longestPiece;
    private readonly bool _cut;
    private readonly string[] _userDefined;
    private readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _wordLookup;
    private int _wordCount;

    public BpeEncoder(TokenizerSpec spec)
    {
        _spec = spec;
        var ids = new Dictionary<string, int>(spec.Pieces.Length, StringComparer.Ordinal);
        bool crosses = false;
        for (int id = 0; id < spec.Pieces.Length; id++)
        {
            if (spec.Pieces[id] is not { } piece || (spec.Ranks is { } ranks && ranks[id] < 0)) continue;
            ids.TryAdd(piece, id);
            _longestPiece = Math.Max(_longestPiece, piece.Length);
            crosses |= piece.LastIndexOf(TokenizerSpec.Space) is var last and > 0 && piece[last - 1] != TokenizerSpec.Space;
        }
        _ids = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _userDefined = [.. spec.UserDefined.Select(id => spec.Pieces[id]!).OrderByDescending(p => p.Length)];
        _cut = !crosses && _userDefined.Length == 0;
        _wordLookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Appends the ids of normalised, well-formed text.</summary>
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        var scratch = new Scratch();
        int start = 0;
        if (_cut || _spec.SplitWords)
            for (int i = 1; i < text.Length; i++)
            {
                if (text[i] != TokenizerSpec.Space || (!_spec.SplitWords && text[i - 1] == TokenizerSpec.Space)) continue;
                EncodeWord(text[start..i], ids, scratch);
                start = i;
            }
        EncodeWord(text[start..], ids, scratch);
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> ids, Scratch scratch)
    {
        if (word.IsEmpty) return;
        if (word.Length > LongestCachedWord)
        {
            Merge(word, ids, scratch);
            return;
        }
        if (_wordLookup.TryGetValue(word, out var known))
        {
            ids.AddRange(known);
            return;
        }
        int before = ids.Count;
        Merge(word, ids, scratch);
        if (_wordCount < CachedWords && _wordLookup.TryAdd(word, [.. ids.Skip(before)])) Interlocked.Increment(ref _wordCount);
    }

    private void Merge(ReadOnlySpan<char> text, List<int> ids, Scratch scratch)
    {
        int count = Split(text, scratch);
        var symbols = scratch.Symbols;
        var queue = scratch.Queue;
        queue.Clear();
        for (int i = 0; i + 1 < count; i++) Propose(text, symbols, queue, i);
        while (queue.TryDequeue(out int id, out long priority))
        {
            int left = (int)(priority & int.MaxValue);
            ref var a = ref symbols[left];
            // An entry is stale when either side changed after it was queued; the changed pair was queued anew.
            if (a.Length == 0 || a.Next < 0 || !TryPair(text, a, symbols[a.Next], out int rank, out int now) || now != id || rank != priority >> 31) continue;
            ref var b = ref symbols[a.Next];
            a.Length += b.Length;
            a.Id = id;
            a.Next = b.Next;
            b.Length = 0;
            if (a.Next >= 0) symbols[a.Next].Previous = left;
            Propose(text, symbols, queue, left);
            if (a.Previous >= 0) Propose(text, symbols, queue, a.Previous);
        }
        Emit(text, symbols, ids);
    }

    /// <summary>One symbol for each character or user-defined piece; returns their number.</summary>
    private int Split(ReadOnlySpan<char> text, Scratch scratch)
    {
        if (scratch.Symbols.Length < text.Length) scratch.Symbols = new Symbol[Math.Max(text.Length, 64)];
        int count = 0;
        for (int at = 0; at < text.Length; count++)
        {
            int length = 0;
            foreach (string piece in _userDefined)
                if (text[at..].StartsWith(piece, StringComparison.Ordinal))
                {
                    length = piece.Length;
                    break;
                }
            bool frozen = length > 0;
            if (!frozen) length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
            scratch.Symbols[count] = new Symbol
            {
                Start = at,
                Length = length,
                Id = _ids.TryGetValue(text.Slice(at, length), out int id) ? id : -1,
                Frozen = frozen,
                Previous = count - 1,
                Next = count + 1,
            };
            at += length;
        }
        scratch.Symbols[count - 1].Next = -1;
        return count;
    }

    private void Propose(ReadOnlySpan<char> text, Symbol[] symbols, PriorityQueue<int, long> queue, int left)
    {
        int right = symbols[left].Next;
        if (right >= 0 && TryPair(text, symbols[left], symbols[right], out int rank, out int id))
            queue.Enqueue(id, ((long)rank << 31) | (long)left);
    }

    private bool TryPair(ReadOnlySpan<char> text, in Symbol a, in Symbol b, out int rank, out int id)
    {
        rank = id = -1;
        if (_spec.Merges is { } merges)
        {
            if (!merges.TryGetValue((a.Id, b.Id), out var merge)) return false;
            (rank, id) = merge;
            return true;
        }
        if (a.Frozen || b.Frozen || a.Length + b.Length > _longestPiece || !_ids.TryGetValue(text.Slice(a.Start, a.Length + b.Length), out id)) return false;
        rank = _spec.Ranks![id];
        return true;
    }

    private void Emit(ReadOnlySpan<char> text, Symbol[] symbols, List<int> ids)
    {
        Span<byte> bytes = stackalloc byte[4];
        bool unknownBefore = false;
        for (int i = 0; i >= 0; i = symbols[i].Next)
        {
            ref var symbol = ref symbols[i];
            bool unknown = false;
            if (symbol.Id >= 0) ids.Add(symbol.Id);
            else if (!TryBytes(text.Slice(symbol.Start, symbol.Length), bytes, ids) && _spec.UnkId is { } unk)
            {
                unknown = true;
                if (!unknownBefore || !_spec.FuseUnknown) ids.Add(unk);
            }
            unknownBefore = unknown;
        }
    }

    private bool TryBytes(ReadOnlySpan<char> character, Span<byte> bytes, List<int> ids)
    {
        if (!_spec.ByteFallback || Rune.DecodeFromUtf16(character, out var rune, out _) != OperationStatus.Done) return false;
        int count = rune.EncodeToUtf8(bytes);
        foreach (byte value in bytes[..count])
            if (_spec.ByteIds[value] < 0) return false;
        foreach (byte value in bytes[..count]) ids.Add(_spec.ByteIds[value]);
        return true;
    }

    private struct Symbol
    {
        public int Start;
        public int Length; // 0: merged into the one before
        public int Id; // -1: not in the vocabulary
        public bool Frozen;
        public int Previous;
        public int Next;
    }

    private sealed class Scratch
    {
        public Symbol[] Symbols { get; set; } = [];
        public PriorityQueue<int, long> Queue { get; } = new();
    }
}
