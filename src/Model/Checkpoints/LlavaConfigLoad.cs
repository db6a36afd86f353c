using System.Text.Json;

namespace Dpvr.Model.Checkpoints;

public sealed partial record LlavaConfig
{
    /// <summary>File that <see cref="Load"/> reads and <see cref="Save"/> writes.</summary>
    public const string FileName = "config.json";

    /// <summary>
    /// Reads <c>config.json</c> of a model folder in the <c>llava-hf</c> layout. Published files are sparse: a field that
    /// is missing or null takes the default of its model type in transformers (LlavaConfig, LlamaConfig, CLIPVisionConfig).
    /// </summary>
    /// <exception cref="CheckpointException">The file is missing, or asks for something this engine does not compute.</exception>
    public static LlavaConfig Load(string folder)
    {
        var root = ConfigObject.Load(Path.Combine(folder, FileName));
        if (root.Text("model_type") is var type && type != "llava")
            throw root.Refuse("model_type", type ?? "missing", "llava (LLaVA-1.5; llava_next and others are different architectures)");
        if (root.Has("quantization_config"))
            throw root.Refuse("quantization_config", "present", "unquantised F32, F16 or BF16 weights");
        if (root.Flag("multimodal_projector_bias") == false) throw root.Refuse("multimodal_projector_bias", "false", "true");

        var text = LoadText(root, root.Object("text_config"));
        var vision = LoadVision(root.Object("vision_config"));
        return new LlavaConfig
        {
            Text = text,
            Vision = vision,
            // 32000 is LlavaConfig's default; image_token_id is the newer name.
            ImageTokenIndex = ImageToken(root, text),
            VisionFeatureLayer = FeatureLayer(root, vision),
            VisionFeatureSelectStrategy = root.OneOf("vision_feature_select_strategy", "default", "default", "full"),
            ProjectorHiddenAct = root.OneOf("projector_hidden_act", "gelu", "gelu"),
            PadTokenId = root.Int("pad_token_id"),
            ImageSeqLength = root.Size("image_seq_length"),
        };
    }

    private static TextConfig LoadText(ConfigObject root, ConfigObject? text)
    {
        if (text is null) return new TextConfig { TieWordEmbeddings = root.Flag("tie_word_embeddings") ?? false };

        text.OneOf("model_type", "llama", "llama");
        text.OneOf("hidden_act", "silu", "silu");
        foreach (var bias in (string[])["attention_bias", "mlp_bias"])
            if (text.Flag(bias) == true) throw text.Refuse(bias, "true", "false");
        if (text.Has("quantization_config")) throw text.Refuse("quantization_config", "present", "unquantised F32, F16 or BF16 weights");

        int hidden = text.Size("hidden_size") ?? 4096, heads = text.Size("num_attention_heads") ?? 32;
        var keyValueHeads = text.Size("num_key_value_heads") ?? heads;
        if (heads % keyValueHeads != 0) throw text.Refuse("num_key_value_heads", keyValueHeads, $"a divisor of num_attention_heads {heads}");
        var headDim = text.Size("head_dim");
        if (headDim is null && hidden % heads != 0) throw text.Refuse("hidden_size", hidden, $"a multiple of num_attention_heads {heads}, or an explicit head_dim");
        headDim ??= hidden / heads;
        if (headDim % 2 != 0) throw text.Refuse("head_dim", headDim, "an even number (rotary embedding pairs its halves)");

        return new TextConfig
        {
            HiddenSize = hidden,
            IntermediateSize = text.Size("intermediate_size") ?? 11008,
            Layers = text.Size("num_hidden_layers") ?? 32,
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadDim = headDim.Value,
            VocabularySize = text.Size("vocab_size") ?? 32000,
            MaxPositions = text.Size("max_position_embeddings") ?? 2048,
            RopeTheta = RopeTheta(text),
            RmsNormEps = text.Number("rms_norm_eps", double.Epsilon, 1) ?? 1e-6,
            TieWordEmbeddings = text.Flag("tie_word_embeddings") ?? root.Flag("tie_word_embeddings") ?? false,
        };
    }

    /// <summary>Older files have <c>rope_theta</c> and <c>rope_scaling</c>, newer ones <c>rope_parameters</c>; only unscaled RoPE is computed here.</summary>
    private static double RopeTheta(ConfigObject text)
    {
        double? theta = null;
        foreach (var name in (string[])["rope_parameters", "rope_scaling"])
        {
            if (text.Object(name) is not { } rope) continue;
            foreach (var kind in (string[])["rope_type", "type"]) rope.OneOf(kind, "default", "default");
            RequireFullRotation(rope);
            theta ??= rope.Number("rope_theta", 1, 1e12);
        }
        RequireFullRotation(text);
        return theta ?? text.Number("rope_theta", 1, 1e12) ?? 10000;
    }

    private static void RequireFullRotation(ConfigObject part)
    {
        if (part.Number("partial_rotary_factor", 0, 1) is { } factor and not 1) throw part.Refuse("partial_rotary_factor", factor, "1");
    }

    private static VisionConfig LoadVision(ConfigObject? vision)
    {
        if (vision is null) return new VisionConfig(); // LlavaConfig's own default tower: CLIP ViT-L/14-336

        vision.OneOf("model_type", "clip_vision_model", "clip_vision_model");
        var config = new VisionConfig
        {
            HiddenSize = vision.Size("hidden_size") ?? 768,
            IntermediateSize = vision.Size("intermediate_size") ?? 3072,
            Layers = vision.Size("num_hidden_layers") ?? 12,
            Heads = vision.Size("num_attention_heads") ?? 12,
            ImageSize = vision.Size("image_size") ?? 224,
            PatchSize = vision.Size("patch_size") ?? 32,
            Channels = vision.Int("num_channels", 3, 3) ?? 3,
            LayerNormEps = vision.Number("layer_norm_eps", double.Epsilon, 1) ?? 1e-5,
            HiddenAct = vision.OneOf("hidden_act", "quick_gelu", "quick_gelu", "gelu"),
        };
        if (config.HiddenSize % config.Heads != 0) throw vision.Refuse("hidden_size", config.HiddenSize, $"a multiple of num_attention_heads {config.Heads}");
        if (config.PatchSize > config.ImageSize) throw vision.Refuse("patch_size", config.PatchSize, $"at most image_size {config.ImageSize}");
        if (config.ImageSize % config.PatchSize != 0) throw vision.Refuse("image_size", config.ImageSize, $"a multiple of patch_size {config.PatchSize}");
        return config;
    }

    private static int ImageToken(ConfigObject root, TextConfig text)
    {
        var (older, newer) = (root.Int("image_token_index"), root.Int("image_token_id"));
        if (older is not null && newer is not null && older != newer) throw root.Refuse("image_token_id", newer, $"the same as image_token_index {older}");
        var token = older ?? newer ?? 32000;
        return token >= 0 && token < text.VocabularySize
            ? token : throw root.Refuse(newer is null ? "image_token_index" : "image_token_id", token, $"0 to {text.VocabularySize - 1} (text_config.vocab_size - 1)");
    }

    private static int FeatureLayer(ConfigObject root, VisionConfig vision)
    {
        const string Name = "vision_feature_layer";
        var layers = root.Ints(Name) ?? [-2];
        var layer = layers.Length == 1 ? layers[0] : throw root.Refuse(Name, $"a list of {layers.Length}", "one layer");
        // Hidden states are numbered 0 (before the encoder) to Layers.
        return layer >= -(vision.Layers + 1) && layer <= vision.Layers
            ? layer : throw root.Refuse(Name, layer, $"{-(vision.Layers + 1)} to {vision.Layers} for {vision.Layers} vision layers");
    }
}
