using Dpvr.Model.Checkpoints;
using Dpvr.Model.Routing;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>
/// What keys and values cost. A LLaVA image always has the same number of tokens, so the bytes of a sequence are known
/// before it starts, and so is the largest batch. Vision tokens are paid for only in layers that read them.
/// </summary>
public sealed record KeyValuePlan
{
    private KeyValuePlan(int imageTokens, int textTokens, IReadOnlyList<int> tokensPerLayer, long bytesPerToken)
    {
        ImageTokens = imageTokens;
        TextTokens = textTokens;
        TokensPerLayer = tokensPerLayer;
        BytesPerToken = bytesPerToken;
    }

    /// <summary>Vision tokens reserved for a sequence in layers that read them.</summary>
    public int ImageTokens { get; }

    /// <summary>Text tokens reserved for a sequence in every layer.</summary>
    public int TextTokens { get; }

    /// <summary>Tokens reserved for a sequence, layer by layer.</summary>
    public IReadOnlyList<int> TokensPerLayer { get; }

    /// <summary>Bytes of the keys and values of one token in one layer.</summary>
    public long BytesPerToken { get; }

    /// <summary>Bytes of the keys and values of one sequence.</summary>
    public long BytesPerSlot => TokensPerLayer.Sum(t => (long)t) * BytesPerToken;

    public static KeyValuePlan Of(LlavaConfig config, RoutingPlan plan, ScalarType dtype, int maxImages, int maxTextTokens)
    {
        var images = maxImages * config.ImageTokens;
        var text = config.Text;
        var perToken = 2L * text.KeyValueHeads * text.HeadDim * SizeOf(dtype);
        return new(images, maxTextTokens, [.. Enumerable.Range(0, text.Layers).Select(i => maxTextTokens + (plan.SeesImages(i) ? images : 0))], perToken);
    }

    /// <summary>Bytes of the keys and values of <paramref name="slots"/> sequences.</summary>
    public long Bytes(int slots) => BytesPerSlot * slots;

    /// <summary>The largest batch that fits into <paramref name="budgetBytes"/>; 0 when not even one sequence does.</summary>
    public int SlotsWithin(long budgetBytes) => (int)Math.Min(int.MaxValue, Math.Max(0, budgetBytes) / BytesPerSlot);

    /// <summary>Refuses a batch that does not fit.</summary>
    /// <exception cref="EngineMemoryException">The message says what the batch needs, what there is and the batch that fits.</exception>
    public void Demand(int slots, long budgetBytes)
    {
        if (Bytes(slots) <= budgetBytes) return;
        throw new EngineMemoryException(
            $"A batch of {slots} needs {Size(Bytes(slots))} for keys and values ({Size(BytesPerSlot)} a sequence of {ImageTokens} vision and {TextTokens} text tokens), " +
            $"and {Size(budgetBytes)} are to be had: " + (SlotsWithin(budgetBytes) is > 0 and var fits ? $"a batch of {fits} fits." : "not even one sequence fits; allow fewer text tokens or images."))
        {
            SlotsThatFit = SlotsWithin(budgetBytes),
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
