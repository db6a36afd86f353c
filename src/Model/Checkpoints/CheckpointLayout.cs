namespace Dpvr.Model.Checkpoints;

/// <summary>
/// The tensors of a LLaVA-1.5 checkpoint by name and shape, in the names of <c>llava-hf/llava-1.5-7b-hf</c>; the names
/// that transformers has written since 4.52 are mapped to them.
/// </summary>
public static class CheckpointLayout
{
    public const string Embedding = "language_model.model.embed_tokens.weight";
    public const string Head = "language_model.lm_head.weight";

    /// <summary>Prefix of the side branch's tensors, which have the names of one decoder layer.</summary>
    public const string SideBranch = "dpvr.side_branch.";

    private const string Tower = "vision_tower.vision_model.";
    private const string Decoder = "language_model.model.";
    private const string Projector = "multi_modal_projector.";

    private static readonly (string Newer, string Name)[] Renamed =
    [
        ("model.language_model.", Decoder), ("model.vision_tower.", "vision_tower."), ("model.multi_modal_projector.", Projector), ("lm_head.", "language_model.lm_head."),
    ];

    /// <summary>The name used here for a name found in a file.</summary>
    public static string NameOf(string stored)
    {
        foreach (var (newer, name) in Renamed)
            if (stored.StartsWith(newer, StringComparison.Ordinal)) return name + stored[newer.Length..];
        return stored;
    }

    /// <summary>Every tensor that a model of this configuration must have. A tied head has none of its own.</summary>
    public static IReadOnlyDictionary<string, long[]> Required(LlavaConfig config)
    {
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal);
        AddTower(shapes, config.Vision);
        long vision = config.Vision.HiddenSize, hidden = config.Text.HiddenSize;
        AddLinear(shapes, Projector + "linear_1", hidden, vision);
        AddLinear(shapes, Projector + "linear_2", hidden, hidden);

        shapes[Embedding] = [config.Text.VocabularySize, hidden];
        for (var i = 0; i < config.Text.Layers; i++) AddDecoderLayer(shapes, $"{Decoder}layers.{i}.", config.Text);
        shapes[Decoder + "norm.weight"] = [hidden];
        if (!config.Text.TieWordEmbeddings) shapes[Head] = [config.Text.VocabularySize, hidden];
        return shapes;
    }

    /// <summary>Every tensor of the side branch.</summary>
    public static IReadOnlyDictionary<string, long[]> RequiredSideBranch(LlavaConfig config)
    {
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal);
        AddDecoderLayer(shapes, SideBranch, config.Text);
        return shapes;
    }

    /// <summary>Tensors that may be there or not, and are checked for their shape when they are.</summary>
    internal static IReadOnlyDictionary<string, long[]> Optional(LlavaConfig config)
    {
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal);
        if (config.Text.TieWordEmbeddings) shapes[Head] = [config.Text.VocabularySize, config.Text.HiddenSize];
        return shapes;
    }

    /// <summary>Buffers that older transformers versions wrote beside the weights; they are computed, not learnt.</summary>
    internal static bool IsBuffer(string name) =>
        (name.StartsWith("vision_tower.", StringComparison.Ordinal) && name.EndsWith(".position_ids", StringComparison.Ordinal))
        || (name.StartsWith(Decoder, StringComparison.Ordinal) && name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal));

    private static void AddTower(Dictionary<string, long[]> shapes, VisionConfig vision)
    {
        long size = vision.HiddenSize, inner = vision.IntermediateSize;
        shapes[Tower + "embeddings.class_embedding"] = [size];
        shapes[Tower + "embeddings.patch_embedding.weight"] = [size, vision.Channels, vision.PatchSize, vision.PatchSize];
        shapes[Tower + "embeddings.position_embedding.weight"] = [vision.Patches + 1, size];
        AddNorm(shapes, Tower + "pre_layrnorm", size); // spelled like this in the checkpoint
        AddNorm(shapes, Tower + "post_layernorm", size); // stands in every checkpoint, although LLaVA takes its features before it
        for (var i = 0; i < vision.Layers; i++)
        {
            var layer = $"{Tower}encoder.layers.{i}.";
            foreach (var part in (string[])["q", "k", "v", "out"]) AddLinear(shapes, $"{layer}self_attn.{part}_proj", size, size);
            AddNorm(shapes, layer + "layer_norm1", size);
            AddNorm(shapes, layer + "layer_norm2", size);
            AddLinear(shapes, layer + "mlp.fc1", inner, size);
            AddLinear(shapes, layer + "mlp.fc2", size, inner);
        }
    }

    private static void AddDecoderLayer(Dictionary<string, long[]> shapes, string layer, TextConfig text)
    {
        long hidden = text.HiddenSize, inner = text.IntermediateSize;
        long queries = (long)text.Heads * text.HeadDim, keys = (long)text.KeyValueHeads * text.HeadDim;
        shapes[layer + "self_attn.q_proj.weight"] = [queries, hidden];
        shapes[layer + "self_attn.k_proj.weight"] = [keys, hidden];
        shapes[layer + "self_attn.v_proj.weight"] = [keys, hidden];
        shapes[layer + "self_attn.o_proj.weight"] = [hidden, queries];
        shapes[layer + "mlp.gate_proj.weight"] = [inner, hidden];
        shapes[layer + "mlp.up_proj.weight"] = [inner, hidden];
        shapes[layer + "mlp.down_proj.weight"] = [hidden, inner];
        shapes[layer + "input_layernorm.weight"] = [hidden];
        shapes[layer + "post_attention_layernorm.weight"] = [hidden];
    }

    private static void AddNorm(Dictionary<string, long[]> shapes, string name, long size) =>
        shapes[name + ".weight"] = shapes[name + ".bias"] = [size];

    private static void AddLinear(Dictionary<string, long[]> shapes, string name, long outputs, long inputs)
    {
        shapes[name + ".weight"] = [outputs, inputs];
        shapes[name + ".bias"] = [outputs];
    }
}
