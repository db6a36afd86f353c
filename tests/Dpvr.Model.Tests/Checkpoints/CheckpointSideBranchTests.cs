using Dpvr.Model.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Checkpoints;

public sealed class CheckpointSideBranchTests
{
    private const string Gate = "dpvr.side_branch.mlp.gate_proj.weight";

    [Theory]
    [InlineData(".")]
    [InlineData("dpvr")]
    public void Open_FindsTheSideBranchBesideOrBelow(string below)
    {
        using var folder = new ModelFolder().WriteSingle().WriteSideBranch(below);

        using var checkpoint = folder.Open();

        checkpoint.Dpvr!.TextOnlyLayers.Should().Equal(3, 4);
        checkpoint.Contains(Gate).Should().BeTrue();
    }

    [Fact]
    public void Open_WithoutSideBranch_HasNone()
    {
        using var folder = new ModelFolder().WriteSingle();

        using var checkpoint = folder.Open();

        checkpoint.Dpvr.Should().BeNull();
        checkpoint.Contains(Gate).Should().BeFalse();
    }

    [Theory]
    [InlineData("dpvr.safetensors")]
    [InlineData("dpvr_config.json")]
    public void Open_WhenHalfOfItIsMissing_NamesTheFile(string missing)
    {
        using var folder = new ModelFolder().WriteSingle().WriteSideBranch();
        File.Delete(Path.Combine(folder.FileAt("dpvr"), missing));

        folder.Refusal().Should().Contain(missing);
    }

    [Fact]
    public void Open_WhenSideBranchLacksATensor_NamesIt()
    {
        using var folder = new ModelFolder().WriteSingle();
        folder.SideBranch.Remove(Gate);

        folder.WriteSideBranch().Refusal().Should().Contain($"'{Gate}' [96, 48] is missing").And.Contain("dpvr.safetensors");
    }

    [Theory]
    [InlineData("dpvr.side_branch.mlp.gate_proj.bias", "is not part of this model")]
    [InlineData("language_model.model.norm.weight", "does not belong to a side branch")]
    public void Open_WhenSideBranchHasAnotherTensor_NamesIt(string name, string says)
    {
        using var folder = new ModelFolder().WriteSingle();
        folder.SideBranch[name] = zeros(96);

        folder.WriteSideBranch().Refusal().Should().Contain($"'{name}' {says}");
    }

    [Fact]
    public void Open_WhenSideBranchShapeDiffers_NamesBoth()
    {
        using var folder = new ModelFolder().WriteSingle();
        folder.SideBranch[Gate] = zeros(95, 48);

        folder.WriteSideBranch().Refusal().Should().Contain($"'{Gate}'").And.Contain("[95, 48]").And.Contain("[96, 48]");
    }

    [Fact]
    public void Open_WhenModelFileHoldsASideBranchWithoutPlan_NamesTheTensor()
    {
        using var folder = new ModelFolder();
        folder.Tensors[Gate] = folder.SideBranch[Gate];

        folder.WriteSingle().Refusal().Should().Contain($"'{Gate}'").And.Contain("dpvr_config.json");
    }

    [Fact]
    public void Open_WhenPlanIsForAnotherDepth_NamesBoth()
    {
        using var folder = new ModelFolder().WriteSingle();
        folder.SideBranchConfig["num_hidden_layers"] = 32;

        folder.WriteSideBranch().Refusal().Should().Contain("num_hidden_layers is 32").And.Contain("6, the model's");
    }
}
