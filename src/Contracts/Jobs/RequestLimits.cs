namespace Dpvr.Contracts.Jobs;

/// <summary>
/// The room that a job of requests needs in an engine, whose memory is laid out before the first prompt is read. Rows that ask for more become errors, never shorter
/// answers. Both are powers of two, so that jobs of about the same needs share an engine. No answer depends on them.
/// </summary>
[GenerateSerializer, Immutable, Alias("dpvr.RequestLimits")]
public sealed record RequestLimits
{
    /// <summary>The least of either.</summary>
    public const int Least = 64;

    /// <summary>The most of either: more than a LLaVA-1.5's context has beside a picture.</summary>
    public const int Most = 4096;

    /// <summary>Tokens of the longest prompt. Default: 512.</summary>
    [Id(0)] public int PromptTokens { get; init; } = 512;

    /// <summary>Tokens made at most for one answer. Default: 512.</summary>
    [Id(1)] public int NewTokens { get; init; } = 512;

    /// <summary>The limits that hold a prompt of so many UTF-8 bytes (a token is at least one byte) and an answer of so many tokens.</summary>
    public static RequestLimits For(int promptBytes, int newTokens) => new() { PromptTokens = Room(promptBytes), NewTokens = Room(newTokens) };

    /// <summary>The power of two that holds it, from <see cref="Least"/> to <see cref="Most"/>.</summary>
    public static int Room(int tokens) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(tokens, Least, Most));
}
