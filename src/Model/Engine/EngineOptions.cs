namespace Dpvr.Model.Engine;

/// <summary>Shape of an engine: what it reserves and how much it does at once.</summary>
public sealed record EngineOptions
{
    /// <summary>Sequences that are decoded together. Default: 8.</summary>
    public int Slots { get; init; } = 8;

    /// <summary>Most images in one prompt. Default: 1.</summary>
    public int MaxImages { get; init; } = 1;

    /// <summary>Most text tokens of a sequence, prompt and new ones together. Default: 256.</summary>
    public int MaxTextTokens { get; init; } = 256;

    /// <summary>Most prompts in one prefill. Default: 32.</summary>
    public int PrefillBatch { get; init; } = 32;

    /// <summary>
    /// Most prompt tokens in one prefill, vision tokens counted; a longer prompt goes alone. More fill the matrix units no better and
    /// fall out of the caches. Default: 2048.
    /// </summary>
    public int PrefillTokens { get; init; } = 2048;

    /// <summary>Images whose vision tokens are kept for further questions about them. Default: 32.</summary>
    public int CachedImages { get; init; } = 32;

    /// <summary>Turns 8-bit levels into what the tower reads. Default: CLIP's.</summary>
    public PixelScale Pixels { get; init; } = PixelScale.Clip;

    /// <exception cref="ArgumentOutOfRangeException">The message names the option, its value and what is allowed.</exception>
    internal void Validate()
    {
        AtLeast(Slots, 1, nameof(Slots));
        AtLeast(MaxImages, 0, nameof(MaxImages));
        AtLeast(MaxTextTokens, 2, nameof(MaxTextTokens));
        AtLeast(PrefillBatch, 1, nameof(PrefillBatch));
        AtLeast(PrefillTokens, 1, nameof(PrefillTokens));
        AtLeast(CachedImages, 0, nameof(CachedImages));
    }

    private static void AtLeast(int value, int least, string name)
    {
        if (value < least) throw new ArgumentOutOfRangeException(name, value, $"{name} is at least {least}.");
    }
}
