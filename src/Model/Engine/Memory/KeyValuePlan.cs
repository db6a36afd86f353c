using Dpvr.Model.Checkpoints;
using Dpvr.Model.Routing;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>
/// What keys and values cost. A LLaVA image always has the same number of tokens, so the bytes of a sequence are known
/// before it starts, and so is the largest batch. Vision tokens are paid for only in layers that read them, and once for all
/// questions about the same images: a sequence has text of its own and reads a prefix, which ends with its last image.
/// </summary>
public sealed record KeyValuePlan
{
    private KeyValuePlan(int imageTokens, int prefixText, int textTokens, IReadOnlyList<int> prefixPerLayer, long bytesPerToken)
    {
        ImageTokens = imageTokens;
        PrefixText = prefixText;
        TextTokens = textTokens;
        PrefixTokensPerLayer = prefixPerLayer;
        BytesPerToken = bytesPerToken;
    }

    /// <summary>Vision tokens reserved for a prefix in layers that read them.</summary>
    public int ImageTokens { get; }

    /// <summary>Text tokens reserved for a prefix in every layer.</summary>
    public int PrefixText { get; }

    /// <summary>Text tokens reserved for a sequence behind its prefix, in every layer.</summary>
    public int TextTokens { get; }

    /// <summary>Tokens reserved for a prefix, layer by layer.</summary>
    public IReadOnlyList<int> PrefixTokensPerLayer { get; }

    /// <summary>Bytes of the keys and values of one token in one layer.</summary>
    public long BytesPerToken { get; }

    /// <summary>Text tokens reserved, once, in every layer for what all prefixes begin with; 0 where prefixes are too short to share any.</summary>
    public int SharedTokens => PrefixText >= SharedStart.Shortest ? PrefixText : 0;

    /// <summary>Bytes of the keys and values of one prefix.</summary>
    public long BytesPerPrefix => PrefixTokensPerLayer.Sum(t => (long)t) * BytesPerToken;

    /// <summary>Bytes of the keys and values of one sequence's own text.</summary>
    public long BytesPerSequence => (long)TextTokens * PrefixTokensPerLayer.Count * BytesPerToken;

    /// <summary>Bytes of the keys and values of what all prefixes begin with.</summary>
    public long BytesShared => (long)SharedTokens * PrefixTokensPerLayer.Count * BytesPerToken;

    /// <summary>Bytes of one sequence that shares its images with nobody.</summary>
    public long BytesPerSlot => BytesPerPrefix + BytesPerSequence;

    /// <param name="config">Shapes.</param>
    /// <param name="plan">Routing.</param>
    /// <param name="dtype">Of keys and values.</param>
    /// <param name="maxImages">Most images of a prompt.</param>
    /// <param name="maxTextTokens">Most text tokens behind the last image, new ones included.</param>
    /// <param name="maxPrefixText">Most text tokens before the last image.</param>
    public static KeyValuePlan Of(LlavaConfig config, RoutingPlan plan, ScalarType dtype, int maxImages, int maxTextTokens, int maxPrefixText = 0)
    {
        var images = maxImages * config.ImageTokens;
        var prefixText = maxImages == 0 ? 0 : maxPrefixText;
        var text = config.Text;
        var perToken = 2L * text.KeyValueHeads * text.HeadDim * SizeOf(dtype);
        return new(images, prefixText, maxTextTokens, [.. Enumerable.Range(0, text.Layers).Select(i => prefixText + (plan.SeesImages(i) ? images : 0))], perToken);
    }

    /// <summary>Prefixes to reserve for <paramref name="slots"/> sequences when <paramref name="questions"/> in a row are about the same images.</summary>
    public static int PrefixesFor(int slots, int questions)
    {
        // Sequences of one image do not end together: half as many again, and one that is being computed.
        var together = (slots + questions - 1) / questions;
        return questions <= 1 ? slots : Math.Min(slots, together + together / 2 + 1);
    }

    /// <summary>Bytes of the keys and values of <paramref name="slots"/> sequences.</summary>
    /// <param name="slots">Sequences.</param>
    /// <param name="questions">Questions in a row about the same images.</param>
    public long Bytes(int slots, int questions = 1) => BytesPerSequence * slots + BytesPerPrefix * PrefixesFor(slots, questions) + BytesShared;

    /// <summary>The largest batch that fits into <paramref name="budgetBytes"/>; 0 when not even one sequence does.</summary>
    public int SlotsWithin(long budgetBytes, int questions = 1)
    {
        var (fits, tooMany) = (0, (int)Math.Min(1 << 20, Math.Max(0, budgetBytes) / BytesPerSequence + 1));
        while (tooMany - fits > 1)
        {
            var middle = (fits + tooMany) / 2;
            if (Bytes(middle, questions) <= budgetBytes) fits = middle;
            else tooMany = middle;
        }
        return fits;
    }

    /// <summary>Refuses a batch that does not fit.</summary>
    /// <exception cref="EngineMemoryException">The message says what the batch needs, what there is and the batch that fits.</exception>
    public void Demand(int slots, long budgetBytes, int questions = 1)
    {
        if (Bytes(slots, questions) <= budgetBytes) return;
        throw new EngineMemoryException(
            $"A batch of {slots} needs {Size(Bytes(slots, questions))} for keys and values ({Size(BytesPerSequence)} a sequence of {TextTokens} text tokens, {Size(BytesPerPrefix)} for the {ImageTokens} vision and {PrefixText} text tokens before it), " +
            $"and {Size(budgetBytes)} are to be had: " + (SlotsWithin(budgetBytes, questions) is > 0 and var fits ? $"a batch of {fits} fits." : "not even one sequence fits; allow fewer text tokens or images."))
        {
            SlotsThatFit = SlotsWithin(budgetBytes, questions),
        };
    }

    internal static int SizeOf(ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 => 8,
        ScalarType.Float32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "Keys and values are float32, float16 or bfloat16."),
    };

    private static string Size(long bytes) => bytes >= 1L << 30
        ? FormattableString.Invariant($"{bytes / (double)(1L << 30):0.##} GiB") : FormattableString.Invariant($"{bytes / (double)(1 << 20):0.##} MiB");
}
