namespace Dpvr.Model.Engine;

/// <summary>Shape of an engine: what it reserves and how much it does at once.</summary>
public sealed record EngineOptions
{
    /// <summary>Sequences that are decoded together. Default: 8.</summary>
    public int Slots { get; init; } = 8;

    /// <summary>Most images in one prompt. Default: 1.</summary>
    public int MaxImages { get; init; } = 1;

    /// <summary>Most text tokens of a sequence behind its last image, new ones included; all of them where there is no image. Default: 256.</summary>
    public int MaxTextTokens { get; init; } = 256;

    /// <summary>Most text tokens before a sequence's last image. Default: 64.</summary>
    public int MaxPrefixText { get; init; } = 64;

    /// <summary>
    /// Questions in a row about the same images: their images' keys and values are computed and stored once, so with more questions less
    /// is reserved. Fewer or more come out right too. Default: 1.
    /// </summary>
    public int QuestionsPerImage { get; init; } = 1;

    /// <summary>Most prompts that begin in one step. Default: 32.</summary>
    public int PrefillBatch { get; init; } = 32;

    /// <summary>
    /// Most prompt tokens that begin in one step, vision tokens counted unless they are there already; a longer prompt goes alone. More fill
    /// the matrix units no better, fall out of the caches, and keep running sequences waiting. Default: 2048.
    /// </summary>
    public int PrefillTokens { get; init; } = 2048;

    /// <summary>Images whose vision tokens are kept for further questions about them. Default: 32.</summary>
    public int CachedImages { get; init; } = 32;

    /// <summary>Turns 8-bit levels into what the tower reads. Default: CLIP's.</summary>
    public PixelScale Pixels { get; init; } = PixelScale.Clip;

    /// <summary>True to attend with libtorch's operations on a CPU too: for tests of what a GPU computes with.</summary>
    internal bool PortableAttention { get; init; }

    /// <summary>Called before each pass over the decoder with its number of sequences: for tests, which let memory run out here.</summary>
    internal Action<int>? BeforePass { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">The message names the option, its value and what is allowed.</exception>
    internal void Validate()
    {
        AtLeast(Slots, 1, nameof(Slots));
        AtLeast(MaxImages, 0, nameof(MaxImages));
        AtLeast(MaxTextTokens, 2, nameof(MaxTextTokens));
        AtLeast(MaxPrefixText, 0, nameof(MaxPrefixText));
        AtLeast(QuestionsPerImage, 1, nameof(QuestionsPerImage));
        AtLeast(PrefillBatch, 1, nameof(PrefillBatch));
        AtLeast(PrefillTokens, 1, nameof(PrefillTokens));
        AtLeast(CachedImages, 0, nameof(CachedImages));
    }

    private static void AtLeast(int value, int least, string name)
    {
        if (value < least) throw new ArgumentOutOfRangeException(name, value, $"{name} is at least {least}.");
    }
}
