using Dpvr.Model.Checkpoints;
using Dpvr.Model.Language;
using Dpvr.Model.Layers;
using Dpvr.Model.Routing;
using TorchSharp;

namespace Dpvr.Model.Engine;

/// <summary>
/// What an engine will take, known before anything is loaded: a LLaVA image always has the same number of tokens, and a prompt's length is known
/// before it starts. Weights, keys and values are exact; what a pass needs while it runs is bounded.
/// </summary>
public sealed record EnginePlan
{
    private const int MostCpuSlots = 32, MostDeviceSlots = 256; // more gain nothing: the products are as efficient as they get
    private const int MostShared = 4; // questions of a picture read its keys and values once: so many times more sequences cost little memory and still gain
    private const int LargestPrefill = 8; // prompts: more of them fill the matrix units no better

    private EnginePlan(EngineOptions options, KeyValuePlan perSequence, long weights, long pass)
    {
        Options = options;
        KeyValues = perSequence;
        WeightBytes = weights;
        PassBytes = pass;
    }

    /// <summary>Slots, prefill batch, and what is reserved for each.</summary>
    public EngineOptions Options { get; }

    /// <summary>What a sequence and a prefix take.</summary>
    public KeyValuePlan KeyValues { get; }

    public long WeightBytes { get; }

    public long KeyValueBytes => KeyValues.Bytes(Options.Slots, Options.QuestionsPerImage);

    /// <summary>Most that a pass needs for what it computes with.</summary>
    public long PassBytes { get; }

    public long TotalBytes => WeightBytes + KeyValueBytes + PassBytes;

    /// <summary>Prompts to have ready: as many as could begin when all slots become free.</summary>
    public int QueueDepth => Options.Slots;

    /// <param name="config">Shapes.</param>
    /// <param name="plan">Routing.</param>
    /// <param name="placement">Device and dtype.</param>
    /// <param name="demand">Prompts and answers.</param>
    /// <param name="memoryBytes">What weights, keys, values and passes may take together.</param>
    /// <exception cref="EngineMemoryException">It does not fit; the message names the batch that does.</exception>
    public static EnginePlan Of(LlavaConfig config, RoutingPlan plan, Placement placement, EngineDemand demand, long memoryBytes)
    {
        var text = Math.Clamp(demand.SuffixText + demand.NewTokens, 2, Math.Max(2, config.Text.MaxPositions - demand.Images * config.ImageTokens));
        var keyValues = KeyValuePlan.Of(config, plan, placement.Dtype, demand.Images, text, demand.PrefixText);
        var weights = WeightsOf(config, plan, placement);
        var defaults = new EngineOptions();
        var most = demand.BatchSize ?? (placement.Device.type == DeviceType.CPU ? MostCpuSlots * Math.Clamp(demand.Questions, 1, MostShared) : MostDeviceSlots);
        var pass = PassOf(config, placement, Math.Max(defaults.PrefillTokens, demand.Images * config.ImageTokens + demand.PrefixText + demand.SuffixText), most);
        var budget = memoryBytes - weights - pass;
        var slots = demand.BatchSize ?? Math.Clamp(keyValues.SlotsWithin(budget, demand.Questions), 1, most);
        keyValues.Demand(slots, budget, demand.Questions);
        return new EnginePlan(defaults with
        {
            Slots = slots,
            MaxImages = demand.Images,
            MaxTextTokens = text,
            MaxPrefixText = demand.PrefixText,
            QuestionsPerImage = demand.Questions,
            PrefillBatch = Math.Max(Math.Min(slots, LargestPrefill), demand.Questions),
            CachedImages = LargestPrefill, // what a picture's questions share is its keys and values
        }, keyValues, weights, pass);
    }

    private static long WeightsOf(LlavaConfig config, RoutingPlan plan, Placement placement)
    {
        IEnumerable<KeyValuePair<string, long[]>> tensors = CheckpointLayout.Required(config);
        if (plan.HasSideBranch) tensors = tensors.Concat(CheckpointLayout.RequiredSideBranch(config));
        return tensors.Sum(t => placement.Bytes && IsBytes(t.Key, t.Value) ? ByteWeight.BytesOf(t.Value[0], t.Value[1]) : t.Value.Aggregate(1L, (a, b) => a * b) * KeyValuePlan.SizeOf(placement.Dtype));
    }

    /// <summary>The matrices of the decoder's layers, of the side branch, and the head.</summary>
    private static bool IsBytes(string name, long[] shape) => shape.Length == 2
        && (name.Contains("language_model.model.layers.", StringComparison.Ordinal) || name.StartsWith(RoutedDecoder.SideBranchPrefix, StringComparison.Ordinal) || name.EndsWith("lm_head.weight", StringComparison.Ordinal));

    /// <summary>The widest moment of a layer, its feed-forward, over the tokens of a prefill; the logits of all slots, which become float32.</summary>
    private static long PassOf(LlavaConfig config, Placement placement, long tokens, long slots)
    {
        long width = config.Text.HiddenSize, queries = (long)config.Text.Heads * config.Text.HeadDim, keys = (long)config.Text.KeyValueHeads * config.Text.HeadDim;
        long decoder = tokens * (3 * width + Math.Max(4L * config.Text.IntermediateSize, 4 * queries + 5 * keys));
        long patches = tokens / config.ImageTokens * (config.Vision.Patches + 1), tower = patches * (6L * config.Vision.HiddenSize + 3L * config.Vision.IntermediateSize);
        return Math.Max(decoder, tower) * KeyValuePlan.SizeOf(placement.Dtype) + slots * config.Text.VocabularySize * (KeyValuePlan.SizeOf(placement.Dtype) + 2 * sizeof(float))
            + LargestPrefill * config.ImageTokens * width * KeyValuePlan.SizeOf(placement.Dtype); // vision tokens that are kept
    }
}
