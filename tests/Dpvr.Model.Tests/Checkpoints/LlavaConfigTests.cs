using System.Text.Json.Nodes;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Tests.Golden;

namespace Dpvr.Model.Tests.Checkpoints;

public sealed class LlavaConfigTests : IDisposable
{
    /// <summary>As published for llava-hf/llava-1.5-7b-hf: the text part leaves nearly everything out.</summary>
    private const string Published7B = """
        {
          "architectures": ["LlavaForConditionalGeneration"], "ignore_index": -100, "image_token_index": 32000, "image_seq_length": 576,
          "model_type": "llava", "pad_token_id": 32001, "projector_hidden_act": "gelu",
          "text_config": {"_name_or_path": "lmsys/vicuna-7b-v1.5", "architectures": ["LlamaForCausalLM"], "max_position_embeddings": 4096,
            "model_type": "llama", "rms_norm_eps": 1e-05, "torch_dtype": "float16", "vocab_size": 32064},
          "tie_word_embeddings": false, "torch_dtype": "float16", "transformers_version": "4.36.0.dev0",
          "vision_config": {"hidden_size": 1024, "image_size": 336, "intermediate_size": 4096, "model_type": "clip_vision_model",
            "num_attention_heads": 16, "num_hidden_layers": 24, "patch_size": 14, "projection_dim": 768, "vocab_size": 32000},
          "vision_feature_layer": -2, "vision_feature_select_strategy": "default", "vocab_size": 32064
        }
        """;

    private readonly TempFolder _folder = new();

    [Fact]
    public void Load_OfPublished7B_FillsInTheDefaults()
    {
        var config = Load(_ => { });

        config.Text.Should().Be(new TextConfig { VocabularySize = 32064, MaxPositions = 4096, RmsNormEps = 1e-5 });
        config.Vision.Should().Be(new VisionConfig());
        (config.ImageTokenIndex, config.PadTokenId, config.ImageSeqLength, config.ImageTokens).Should().Be((32000, 32001, 576, 576));
    }

    [Fact]
    public void Load_OfPublished13B_ReadsItsSizes()
    {
        var config = Load(c =>
        {
            var text = c["text_config"]!;
            (text["hidden_size"], text["intermediate_size"], text["num_attention_heads"], text["num_hidden_layers"], text["num_key_value_heads"]) = (5120, 13824, 40, 40, 40);
        });

        config.Text.Should().BeEquivalentTo(new { HiddenSize = 5120, IntermediateSize = 13824, Heads = 40, KeyValueHeads = 40, Layers = 40, HeadDim = 128 });
    }

    [Fact]
    public void Load_WhenFieldsAreMissing_TakesTheDefaultsOfTheModelType()
    {
        var config = Load(c =>
        {
            c["vision_config"] = new JsonObject { ["model_type"] = "clip_vision_model" };
            foreach (var name in (string[])["image_token_index", "vision_feature_layer", "vision_feature_select_strategy", "projector_hidden_act", "pad_token_id", "image_seq_length"]) c.Remove(name);
            c["text_config"]!["num_attention_heads"] = 16; // key-value heads follow
        });

        config.Vision.Should().Be(new VisionConfig { HiddenSize = 768, IntermediateSize = 3072, Layers = 12, Heads = 12, ImageSize = 224, PatchSize = 32 });
        config.Text.Should().BeEquivalentTo(new { KeyValueHeads = 16, HeadDim = 256, RopeTheta = 10000.0 });
        config.Should().BeEquivalentTo(new { ImageTokenIndex = 32000, VisionFeatureLayer = -2, VisionFeatureSelectStrategy = "default", ProjectorHiddenAct = "gelu", PadTokenId = (int?)null });
    }

    [Fact]
    public void Load_WithNewerFieldNames_ReadsThem()
    {
        var config = Load(c =>
        {
            c["image_token_id"] = 31999;
            c.Remove("image_token_index");
            c["vision_feature_layer"] = new JsonArray(-3);
            c["text_config"]!["rope_parameters"] = new JsonObject { ["rope_type"] = "default", ["rope_theta"] = 500000.0 };
        });

        (config.ImageTokenIndex, config.VisionFeatureLayer, config.Text.RopeTheta).Should().Be((31999, -3, 500000));
    }

    [Fact]
    public void Load_WithExplicitHeadDim_NeedsNoDivision()
    {
        var config = Load(c => (c["text_config"]!["hidden_size"], c["text_config"]!["head_dim"], c["text_config"]!["num_attention_heads"]) = (100, 16, 6));

        config.Text.HeadDim.Should().Be(16);
    }

    [Theory]
    [InlineData("", "model_type", "\"llava_next\"", "model_type is llava_next")]
    [InlineData("", "model_type", "null", "model_type is missing")]
    [InlineData("text_config", "model_type", "\"mistral\"", "text_config.model_type is mistral; allowed: llama")]
    [InlineData("vision_config", "model_type", "\"siglip_vision_model\"", "vision_config.model_type is siglip_vision_model")]
    [InlineData("text_config", "hidden_act", "\"relu\"", "text_config.hidden_act is relu; allowed: silu")]
    [InlineData("vision_config", "hidden_act", "\"relu\"", "vision_config.hidden_act is relu; allowed: quick_gelu, gelu")]
    [InlineData("", "projector_hidden_act", "\"swish\"", "projector_hidden_act is swish; allowed: gelu")]
    [InlineData("text_config", "rope_scaling", "{\"type\":\"linear\",\"factor\":2.0}", "text_config.rope_scaling.type is linear; allowed: default")]
    [InlineData("text_config", "rope_parameters", "{\"rope_type\":\"llama3\"}", "text_config.rope_parameters.rope_type is llama3")]
    [InlineData("text_config", "partial_rotary_factor", "0.5", "partial_rotary_factor is 0.5; allowed: 1")]
    [InlineData("text_config", "attention_bias", "true", "text_config.attention_bias is true; allowed: false")]
    [InlineData("text_config", "mlp_bias", "true", "text_config.mlp_bias is true")]
    [InlineData("text_config", "num_attention_heads", "30", "hidden_size is 4096; allowed: a multiple of num_attention_heads 30")]
    [InlineData("text_config", "num_key_value_heads", "5", "num_key_value_heads is 5; allowed: a divisor of num_attention_heads 32")]
    [InlineData("text_config", "num_hidden_layers", "0", "num_hidden_layers is 0; allowed: a whole number from 1")]
    [InlineData("text_config", "num_hidden_layers", "\"32\"", "num_hidden_layers is \"32\"")]
    [InlineData("text_config", "head_dim", "15", "head_dim is 15; allowed: an even number")]
    [InlineData("text_config", "rms_norm_eps", "0", "rms_norm_eps is 0")]
    [InlineData("text_config", "tie_word_embeddings", "1", "tie_word_embeddings is 1; allowed: true or false")]
    [InlineData("vision_config", "image_size", "335", "image_size is 335; allowed: a multiple of patch_size 14")]
    [InlineData("vision_config", "num_attention_heads", "15", "hidden_size is 1024; allowed: a multiple of num_attention_heads 15")]
    [InlineData("", "vision_feature_layer", "[-2,-5]", "vision_feature_layer is a list of 2; allowed: one layer")]
    [InlineData("", "vision_feature_layer", "25", "vision_feature_layer is 25; allowed: -25 to 24")]
    [InlineData("", "vision_feature_select_strategy", "\"cls\"", "vision_feature_select_strategy is cls; allowed: default, full")]
    [InlineData("", "image_token_index", "32064", "image_token_index is 32064; allowed: 0 to 32063")]
    [InlineData("", "image_token_id", "5", "image_token_id is 5; allowed: the same as image_token_index 32000")]
    [InlineData("", "quantization_config", "{\"quant_method\":\"awq\"}", "quantization_config is present")]
    [InlineData("", "multimodal_projector_bias", "false", "multimodal_projector_bias is false")]
    [InlineData("", "text_config", "[]", "text_config is []; allowed: an object")]
    public void Load_WhenSomethingIsNotComputed_NamesFieldValueAndWhatIsAllowed(string part, string field, string value, string says)
    {
        var refusal = Assert.Throws<CheckpointException>(() => Load(c => (part == "" ? c : c[part]!.AsObject())[field] = JsonNode.Parse(value))).Message;

        refusal.Should().StartWith(_folder.Of("config.json")).And.Contain(says);
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("[]", "must hold a JSON object")]
    [InlineData("""{"model_type":"llava","model_type":"llava"}""", "cannot be read")]
    public void Load_WhenJsonIsBroken_NamesTheFile(string json, string says)
    {
        File.WriteAllText(_folder.Of("config.json"), json);

        Assert.Throws<CheckpointException>(() => LlavaConfig.Load(_folder.Path)).Message.Should().Contain("config.json").And.Contain(says);
    }

    [Fact]
    public void Load_WhenFileIsMissing_NamesIt() =>
        Assert.Throws<CheckpointException>(() => LlavaConfig.Load(_folder.Path)).Message.Should().Contain("config.json: not found");

    [Theory]
    [MemberData(nameof(GoldenFolder.Models), MemberType = typeof(GoldenFolder))]
    public void Save_OfGoldenModel_ReadsBackTheSame(string model)
    {
        var config = LlavaConfig.Load(GoldenFolder.Model(model).ModelFolder);

        config.Save(_folder.Path);

        LlavaConfig.Load(_folder.Path).Should().Be(config with { ImageSeqLength = config.ImageTokens });
    }

    private LlavaConfig Load(Action<JsonObject> change)
    {
        var json = JsonNode.Parse(Published7B)!.AsObject();
        change(json);
        File.WriteAllText(_folder.Of("config.json"), json.ToJsonString());
        return LlavaConfig.Load(_folder.Path);
    }

    public void Dispose() => _folder.Dispose();
}
