using Dpvr.Model.Checkpoints;
using Dpvr.Model.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Checkpoints;

public sealed class CheckpointTests
{
    private const string Query = "language_model.model.layers.2.self_attn.q_proj.weight";

    [Theory]
    [MemberData(nameof(GoldenFolder.Models), MemberType = typeof(GoldenFolder))]
    public void Open_OfGoldenModel_FindsEveryTensorAndNoOther(string model)
    {
        var golden = GoldenFolder.Model(model);
        using var checkpoint = golden.OpenCheckpoint();

        checkpoint.Config.Text.Layers.Should().Be(golden.Layers);
        checkpoint.Config.ImageTokens.Should().Be(golden.ImageTokens);
        checkpoint.Dpvr!.SaturationLayer.Should().Be(golden.SaturationLayer);
        checkpoint.Names.Should().Contain(CheckpointLayout.RequiredSideBranch(checkpoint.Config).Keys);
    }

    [Fact]
    public void Open_WithNewerNames_GivesTheSameTensors()
    {
        using var older = new ModelFolder();
        using var newer = new ModelFolder();
        older.WriteSingle();
        newer.Rename(n => n switch
        {
            "language_model.lm_head.weight" => "lm_head.weight",
            _ when n.StartsWith("language_model.model.", StringComparison.Ordinal) => "model.language_model." + n["language_model.model.".Length..],
            _ => "model." + n,
        }).WriteSingle();
        newer.Tensors.Keys.Should().NotIntersectWith(older.Tensors.Keys).And.Contain("model.vision_tower.vision_model.pre_layrnorm.bias");

        using Checkpoint a = older.Open(), b = newer.Open();

        AssertSame(a, b);
    }

    [Fact]
    public void Open_OfShards_GivesTheSameTensors()
    {
        using ModelFolder single = new ModelFolder().WriteSingle(), sharded = new ModelFolder().WriteSharded();

        using Checkpoint a = single.Open(), b = sharded.Open();

        AssertSame(a, b);
    }

    [Fact]
    public void Open_WithBuffersOfOlderVersions_IgnoresThem()
    {
        using var folder = new ModelFolder();
        folder.Tensors["vision_tower.vision_model.embeddings.position_ids"] = arange(17).view(1, 17);
        folder.Tensors["language_model.model.layers.0.self_attn.rotary_emb.inv_freq"] = zeros(6);

        using var checkpoint = folder.WriteSingle().Open();

        checkpoint.Names.Should().NotContain(n => n.EndsWith("position_ids") || n.EndsWith("inv_freq"));
    }

    [Fact]
    public void CopyInto_OfTiedHead_GivesTheEmbedding()
    {
        using var folder = new ModelFolder().Configure(c => c["text_config"]!["tie_word_embeddings"] = true);
        folder.Tensors.Remove(CheckpointLayout.Head);
        using var checkpoint = folder.WriteSingle().Open();
        using var scope = NewDisposeScope();
        Tensor head = empty([320, 48]), embedding = empty([320, 48]);

        checkpoint.CopyInto(CheckpointLayout.Head, head);
        checkpoint.CopyInto(CheckpointLayout.Embedding, embedding);

        checkpoint.Contains(CheckpointLayout.Head).Should().BeTrue();
        head.eq(embedding).all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void CopyInto_WhenTensorIsMissing_NamesIt()
    {
        using var folder = new ModelFolder().WriteSingle();
        using var checkpoint = folder.Open();
        using var scope = NewDisposeScope();

        Assert.Throws<CheckpointException>(() => checkpoint.CopyInto("dpvr.side_branch.mlp.up_proj.weight", empty([1]))).Message
            .Should().Contain("'dpvr.side_branch.mlp.up_proj.weight' is missing");
        checkpoint.Contains("dpvr.side_branch.mlp.up_proj.weight").Should().BeFalse();
    }

    [Fact]
    public void Open_WhenTensorIsMissing_NamesIt()
    {
        using var folder = new ModelFolder();
        folder.Tensors.Remove(Query);

        folder.WriteSingle().Refusal().Should().Contain($"'{Query}' [48, 48] is missing");
    }

    [Fact]
    public void Open_WhenHeadIsMissingAndNotTied_NamesIt()
    {
        using var folder = new ModelFolder();
        folder.Tensors.Remove(CheckpointLayout.Head);

        folder.WriteSingle().Refusal().Should().Contain($"'{CheckpointLayout.Head}' [320, 48] is missing");
    }

    [Theory]
    [InlineData("language_model.model.layers.6.self_attn.q_proj.weight")] // a seventh layer
    [InlineData("language_model.model.layers.2.self_attn.q_proj.bias")]
    [InlineData("something.else")]
    public void Open_WhenTensorIsSuperfluous_NamesIt(string name)
    {
        using var folder = new ModelFolder();
        folder.Tensors[name] = zeros(48);

        folder.WriteSingle().Refusal().Should().Contain($"'{name}' is not part of this model");
    }

    [Fact]
    public void Open_WhenShapeDiffers_NamesBoth()
    {
        using var folder = new ModelFolder();
        folder.Tensors[Query] = zeros(48, 47);

        folder.WriteSingle().Refusal().Should().Contain($"'{Query}'").And.Contain("[48, 47]").And.Contain("[48, 48]");
    }

    [Fact]
    public void Open_WhenWeightsAreWholeNumbers_NamesTheType()
    {
        using var folder = new ModelFolder();
        folder.Tensors[Query] = zeros([48, 48], int8); // as quantised checkpoints have

        folder.WriteSingle().Refusal().Should().Contain($"'{Query}'").And.Contain("I8").And.Contain("BF16");
    }

    [Fact]
    public void Open_WhenBothNamesOfATensorAreThere_NamesThem()
    {
        using var folder = new ModelFolder();
        folder.Tensors["lm_head.weight"] = folder.Tensors[CheckpointLayout.Head];

        folder.WriteSingle().Refusal().Should().Contain("'lm_head.weight'").And.Contain($"'{CheckpointLayout.Head}'");
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("pytorch_model-00001-of-00003.bin")]
    [InlineData("consolidated.00.pth")]
    public void Open_WhenOnlyPickleIsThere_RefusesAndTellsTheRemedy(string file)
    {
        using var folder = new ModelFolder();
        File.WriteAllText(folder.FileAt(file), "\u0080\u0002");

        folder.Refusal().Should().Contain(file).And.Contain("pickle").And.Contain("safe_serialization=True");
    }

    [Fact]
    public void Open_WhenNothingIsThere_SaysWhatWasLookedFor()
    {
        using var folder = new ModelFolder();

        folder.Refusal().Should().Contain("neither model.safetensors nor model.safetensors.index.json");
        Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.FileAt("none"))).Message.Should().Contain("no such model folder");
    }

    [Fact]
    public void RequireVocabulary_AllowsPaddingAndRefusesTooManyIds()
    {
        using var folder = new ModelFolder().WriteSingle();
        using var checkpoint = folder.Open();

        checkpoint.RequireVocabulary(300);
        checkpoint.RequireVocabulary(320);

        Assert.Throws<CheckpointException>(() => checkpoint.RequireVocabulary(321)).Message
            .Should().Contain($"'{CheckpointLayout.Embedding}'").And.Contain("320 rows").And.Contain("321 ids");
    }

    private static void AssertSame(Checkpoint a, Checkpoint b)
    {
        b.Names.Should().BeEquivalentTo(a.Names);
        foreach (var name in a.Names)
        {
            using var scope = NewDisposeScope();
            Tensor x = empty([.. a.ShapeOf(name)]), y = empty([.. b.ShapeOf(name)]);
            a.CopyInto(name, x);
            b.CopyInto(name, y);
            x.eq(y).all().item<bool>().Should().BeTrue(name);
        }
    }
}
