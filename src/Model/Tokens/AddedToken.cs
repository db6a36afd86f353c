namespace Dpvr.Model.Tokens;

/// <summary>A token that is matched in the text before it is split into pieces, such as <c>&lt;s&gt;</c> or <c>&lt;image&gt;</c> (<c>added_tokens</c> of tokenizer.json).</summary>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Left out of decoded text on request.</summary>
    public bool Special { get; init; } = true;

    /// <summary>Matched in the normalised text (where spaces are ▁) instead of the text as given.</summary>
    public bool Normalized { get; init; }

    /// <summary>Swallows the white space before it.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>Swallows the white space after it.</summary>
    public bool RightStrip { get; init; }

    /// <summary>Matches only where no word character stands beside it.</summary>
    public bool SingleWord { get; init; }
}
