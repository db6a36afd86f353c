namespace Dpvr.Data.Requests.OpenAi;

/// <summary>What a chat request may be.</summary>
public sealed record ChatRules
{
    /// <summary>Says whether a model is served. Default: every name is.</summary>
    public Func<string, bool> IsModel { get; init; } = static _ => true;

    /// <summary>True where answers can be streamed: not in a batch. Default: false.</summary>
    public bool AllowStream { get; init; }

    /// <summary>Bytes of a picture in a data URL at most. Default: 32 MiB.</summary>
    public int MaxPictureBytes { get; init; } = 32 << 20;

    /// <summary>Bytes of a line at most: a picture as base64, and everything else.</summary>
    public int MaxLine => (int)Math.Min(Array.MaxLength, MaxPictureBytes / 3 * 4L + (1 << 20));
}
