namespace Dpvr.Model.Tokens;

/// <summary>What a token becomes when it is decoded: text, or one byte.</summary>
internal readonly record struct TokenText(string? Text, short Byte, bool Special)
{
    /// <summary>False for an id that stands for no token.</summary>
    public bool Known => Text is not null || IsByte;

    public bool IsByte => Text is null && Byte >= 0;

    private static readonly TokenText Unknown = new(null, -1, false);

    /// <summary>The texts of all ids, ▁ already a space.</summary>
    public static TokenText[] Of(TokenizerSpec spec)
    {
        int size = Math.Max(spec.Pieces.Length, spec.Added.Count == 0 ? 0 : spec.Added.Max(t => t.Id) + 1);
        var texts = new TokenText[size];
        Array.Fill(texts, Unknown);
        for (int id = 0; id < spec.Pieces.Length; id++)
            if (spec.Pieces[id] is { } piece) texts[id] = new TokenText(piece.Replace(TokenizerSpec.Space, ' '), -1, false);
        if (spec.ByteFallback)
            for (int value = 0; value < 256; value++)
                if (spec.ByteIds[value] >= 0) texts[spec.ByteIds[value]] = new TokenText(null, (short)value, false);
        foreach (var token in spec.Added)
            texts[token.Id] = new TokenText(token.Content.Replace(TokenizerSpec.Space, ' '), -1, token.Special);
        return texts;
    }
}
