using System.Text;

namespace Dpvr.Model.Tokens;

/// <summary>
/// Trains a LLaMA-style byte-pair encoding: <c>&lt;unk&gt; &lt;s&gt; &lt;/s&gt;</c>, 256 byte tokens, merged pieces in the order they were
/// found, single characters by frequency, added tokens. Pieces stay within a word: an optional ▁ and letters, or one
/// digit or sign. The same lines always give the same files.
/// </summary>
public static class BpeTrainer
{
    private const int ControlAndBytes = 3 + 256;

    /// <summary>Trains on <paramref name="lines"/>, writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c> into <paramref name="folder"/>, and loads them.</summary>
    /// <exception cref="ArgumentException">The vocabulary size has no room for the control, byte and added tokens and ▁.</exception>
    public static Tokenizer Train(IEnumerable<string> lines, string folder, BpeTrainerOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new BpeTrainerOptions();
        int room = options.VocabularySize - ControlAndBytes - options.AddedTokens.Count;
        if (room < 1)
            throw new ArgumentException($"VocabularySize is {options.VocabularySize}; at least {options.VocabularySize - room + 1} are needed", nameof(options));
        var words = CountWords(lines, cancellationToken);
        var alphabet = Alphabet(words, room);
        var merges = Merge(words, [.. alphabet], room - alphabet.Count, options, cancellationToken);
        Directory.CreateDirectory(folder);
        TokenizerJsonWriter.Write(folder, alphabet, merges, options);
        return Tokenizer.Load(folder);
    }

    private static SortedDictionary<string, long> CountWords(IEnumerable<string> lines, CancellationToken cancellationToken)
    {
        var words = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (string text in lines)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Line ends are no part of the vocabulary: they are the byte token <0x0A>, as in LLaMA.
            foreach (string line in text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
                foreach (string word in Words(TokenizerSpec.Space + line.Replace(' ', TokenizerSpec.Space)))
                    words[word] = words.GetValueOrDefault(word) + 1;
        }
        return words;
    }

    private static IEnumerable<string> Words(string line)
    {
        var word = new StringBuilder();
        bool letters = false;
        foreach (var rune in line.EnumerateRunes())
        {
            bool letter = Rune.IsLetter(rune), space = rune.Value == TokenizerSpec.Space;
            bool joins = !space && word.Length > 0 && ((letter && letters) || (word.Length == 1 && word[0] == TokenizerSpec.Space));
            if (!joins && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
            word.Append(rune.ToString());
            letters = letter;
        }
        if (word.Length > 0) yield return word.ToString();
    }

    /// <summary>The most frequent characters, ▁ always among them; the others are written with bytes.</summary>
    private static List<string> Alphabet(SortedDictionary<string, long> words, int room)
    {
        var counts = new Dictionary<Rune, long> { [new Rune(TokenizerSpec.Space)] = long.MaxValue / 2 };
        foreach (var (word, count) in words)
            foreach (var rune in word.EnumerateRunes())
                counts[rune] = counts.GetValueOrDefault(rune) + count;
        counts.Remove(Rune.ReplacementChar); // what half a surrogate pair is read as
        return [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key.Value).Take(room).Select(c => c.Key.ToString())];
    }

    private static List<(string Left, string Right)> Merge(
        SortedDictionary<string, long> counted, HashSet<string> pieces, int room, BpeTrainerOptions options, CancellationToken cancellationToken)
    {
        var words = counted.Select(w => (Symbols: w.Key.EnumerateRunes().Select(r => r.ToString()).ToList(), Count: w.Value)).ToList();
        var pairs = new Dictionary<(string Left, string Right), (long Count, HashSet<int> Words)>();
        void Count(int index, int sign)
        {
            var (symbols, count) = words[index];
            for (int i = 0; i + 1 < symbols.Count; i++)
            {
                var pair = (symbols[i], symbols[i + 1]);
                var entry = pairs.TryGetValue(pair, out var known) ? known : (Count: 0, Words: []);
                entry.Words.Add(index);
                pairs[pair] = entry with { Count = entry.Count + (sign * count) };
            }
        }
        bool Allowed((string Left, string Right) pair) =>
            pair.Left.Length + pair.Right.Length <= options.MaximumPieceLength && Has(pair.Left) && Has(pair.Right);
        bool Has(string piece) => pieces.Contains(piece);

        for (int i = 0; i < words.Count; i++) Count(i, 1);
        var merges = new List<(string, string)>();
        while (room > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (string Left, string Right)? best = null;
            long most = Math.Max(1, options.MinimumCount) - 1;
            foreach (var (pair, entry) in pairs)
                if (entry.Count >= most && entry.Count > 0 && Allowed(pair) && (entry.Count > most || (best is { } b && Before(pair, b))))
                    (best, most) = (pair, entry.Count);
            if (best is not { } merge) break;
            string merged = merge.Left + merge.Right;
            foreach (int index in pairs[merge].Words.ToList())
            {
                Count(index, -1);
                Join(words[index].Symbols, merge, merged);
                Count(index, 1);
            }
            pairs.Remove(merge);
            merges.Add(merge);
            if (pieces.Add(merged)) room--;
        }
        return merges;
    }

    private static bool Before((string Left, string Right) a, (string Left, string Right) b) =>
        string.CompareOrdinal(a.Left, b.Left) is var left && left != 0 ? left < 0 : string.CompareOrdinal(a.Right, b.Right) < 0;

    private static void Join(List<string> symbols, (string Left, string Right) pair, string merged)
    {
        int to = 0;
        for (int from = 0; from < symbols.Count; from++, to++)
        {
            bool match = from + 1 < symbols.Count && symbols[from] == pair.Left && symbols[from + 1] == pair.Right;
            symbols[to] = match ? merged : symbols[from];
            if (match) from++;
        }
        symbols.RemoveRange(to, symbols.Count - to);
    }
}
