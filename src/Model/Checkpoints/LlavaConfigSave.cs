using System.Text.Json;

namespace Dpvr.Model.Checkpoints;

public sealed partial record LlavaConfig
{
    /// <summary>Writes <c>config.json</c> as transformers reads it (<c>LlavaForConditionalGeneration</c>), every field spelled out.</summary>
    public void Save(string folder) => AtomicFile.WriteJson(Path.Combine(folder, FileName), json =>
    {
        WriteArchitecture(json, "LlavaForConditionalGeneration", "llava");
        json.WriteNumber("ignore_index", -100);
        json.WriteNumber("image_seq_length", ImageSeqLength ?? ImageTokens);
        json.WriteNumber("image_token_index", ImageTokenIndex);
        if (PadTokenId is { } pad) json.WriteNumber("pad_token_id", pad);
        json.WriteString("projector_hidden_act", ProjectorHiddenAct);
        json.WriteBoolean("tie_word_embeddings", Text.TieWordEmbeddings);
        json.WriteNumber("vision_feature_layer", VisionFeatureLayer);
        json.WriteString("vision_feature_select_strategy", VisionFeatureSelectStrategy);
        json.WriteStartObject("text_config");
        WriteText(json);
        json.WriteEndObject();
        json.WriteStartObject("vision_config");
        WriteVision(json);
        json.WriteEndObject();
    });

    private void WriteText(Utf8JsonWriter json)
    {
        WriteArchitecture(json, "LlamaForCausalLM", "llama");
        json.WriteNumber("hidden_size", Text.HiddenSize);
        json.WriteNumber("intermediate_size", Text.IntermediateSize);
        json.WriteNumber("num_hidden_layers", Text.Layers);
        json.WriteNumber("num_attention_heads", Text.Heads);
        json.WriteNumber("num_key_value_heads", Text.KeyValueHeads);
        json.WriteNumber("head_dim", Text.HeadDim);
        json.WriteNumber("vocab_size", Text.VocabularySize);
        json.WriteNumber("max_position_embeddings", Text.MaxPositions);
        json.WriteNumber("rope_theta", Text.RopeTheta);
        json.WriteNumber("rms_norm_eps", Text.RmsNormEps);
        json.WriteString("hidden_act", "silu");
        json.WriteBoolean("tie_word_embeddings", Text.TieWordEmbeddings);
    }

    private void WriteVision(Utf8JsonWriter json)
    {
        json.WriteString("model_type", "clip_vision_model");
        json.WriteNumber("hidden_size", Vision.HiddenSize);
        json.WriteNumber("intermediate_size", Vision.IntermediateSize);
        json.WriteNumber("num_hidden_layers", Vision.Layers);
        json.WriteNumber("num_attention_heads", Vision.Heads);
        json.WriteNumber("image_size", Vision.ImageSize);
        json.WriteNumber("patch_size", Vision.PatchSize);
        json.WriteNumber("num_channels", Vision.Channels);
        json.WriteNumber("layer_norm_eps", Vision.LayerNormEps);
        json.WriteString("hidden_act", Vision.HiddenAct);
        json.WriteNumber("projection_dim", Vision.HiddenSize); // unused, but CLIPVisionConfig has it
    }

    private static void WriteArchitecture(Utf8JsonWriter json, string architecture, string type)
    {
        json.WriteStartArray("architectures");
        json.WriteStringValue(architecture);
        json.WriteEndArray();
        json.WriteString("model_type", type);
    }
}
