namespace Dpvr.Model.Tokens;

/// <summary>When ▁ is put before a stretch of text.</summary>
internal enum DummyPrefix
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>Before every stretch, whatever it starts with (normalizer <c>Prepend</c>, SentencePiece <c>add_dummy_prefix</c>).</summary>
    Prepend,

    /// <summary>Before every stretch that does not start with ▁ (pre-tokenizer <c>Metaspace</c>, scheme <c>always</c>).</summary>
    Always,

    /// <summary>As <see cref="Always"/>, but only at the start of the text (scheme <c>first</c>).</summary>
    First,
}

/// <summary>What a tokenizer file says, whichever of the two formats it has.</summary>
internal sealed record TokenizerSpec
{
    /// <summary>U+2581, which stands for a space in pieces.</summary>
    public const char Space = '▁';

    /// <summary>The piece of every id; null where an id is not used.</summary>
    public required string?[] Pieces { get; init; }

    /// <summary>Priority of the piece as a merge result (smaller is earlier), -1 where it can't be one; null when <see cref="Merges"/> rules.</summary>
    public int[]? Ranks { get; init; }

    /// <summary>(left id, right id) → (rank, resulting id); null when <see cref="Ranks"/> rules.</summary>
    public Dictionary<(int Left, int Right), (int Rank, int Id)>? Merges { get; init; }

    /// <summary>Pieces that are taken whole wherever they stand (SentencePiece <c>USER_DEFINED</c>).</summary>
    public IReadOnlyList<int> UserDefined { get; init; } = [];

    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>Ids of <c>&lt;0x00&gt;</c> … <c>&lt;0xFF&gt;</c>, -1 where there is none.</summary>
    public required int[] ByteIds { get; init; }

    public required bool ByteFallback { get; init; }

    /// <summary>Several unknown characters in a row are one unknown token.</summary>
    public bool FuseUnknown { get; init; } = true;

    public DummyPrefix Prefix { get; init; } = DummyPrefix.Prepend;

    /// <summary>Spaces become ▁.</summary>
    public bool EscapeSpaces { get; init; } = true;

    /// <summary>Runs of spaces become one, those at either end go (SentencePiece <c>remove_extra_whitespaces</c>).</summary>
    public bool CollapseSpaces { get; init; }

    /// <summary>Every ▁ starts a word of its own (<c>Metaspace</c> with <c>split</c>).</summary>
    public bool SplitWords { get; init; }

    /// <summary>Spaces taken away from the start of decoded text.</summary>
    public int StripStart { get; init; } = 1;

    public int? BosId { get; init; }
    public int? EosId { get; init; }
    public int? PadId { get; init; }
    public int? UnkId { get; init; }

    /// <summary>The 256 byte tokens among <paramref name="pieces"/>.</summary>
    public static int[] FindByteIds(string?[] pieces)
    {
        var ids = new int[256];
        Array.Fill(ids, -1);
        for (int id = 0; id < pieces.Length; id++)
            if (pieces[id] is { Length: 6 } piece && piece.StartsWith("<0x", StringComparison.Ordinal) && piece[5] == '>'
                && byte.TryParse(piece.AsSpan(3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out byte value))
                ids[value] = id;
        return ids;
    }
}
