using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine;
using Dpvr.Model.Layers;
using Dpvr.Model.Routing;
using Dpvr.Model.Tests.Golden;
using Dpvr.Model.Tests.Tokens;
using Dpvr.Model.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests;

public sealed class LlavaBundleTests
{
    [Theory]
    [InlineData("auto", null, RoutingKind.DpvrLf, 3), InlineData("dpvr-lf", 1, RoutingKind.DpvrLf, 1), InlineData("withdraw", null, RoutingKind.Withdraw, 3)]
    [InlineData("withdraw", 2, RoutingKind.Withdraw, 2), InlineData("dense", null, RoutingKind.Dense, 6)]
    public void Load_OfAFolderWithASideBranch_PlansTheRouting(string routing, int? saturation, RoutingKind kind, int leave)
    {
        using var folder = Folder(sideBranch: true);
        using var bundle = LlavaBundle.Load(folder.Path, routing, saturation);
        (bundle.Model.Plan.Kind, bundle.Model.Plan.Saturation).Should().Be((kind, leave));
    }

    [Theory]
    [InlineData("auto", RoutingKind.Dense, 6), InlineData("withdraw", RoutingKind.Withdraw, 3)]
    public void Load_WithoutASideBranch_TakesWhatNeedsNone(string routing, RoutingKind kind, int leave)
    {
        using var folder = Folder(sideBranch: false);
        using var bundle = LlavaBundle.Load(folder.Path, routing);
        (bundle.Model.Plan.Kind, bundle.Model.Plan.Saturation).Should().Be((kind, leave));
    }

    [Fact]
    public void Load_OfDpvrLfWithoutASideBranch_NamesTheFileAndHowToMakeIt()
    {
        using var folder = Folder(sideBranch: false);
        FluentActions.Invoking(() => LlavaBundle.Load(folder.Path, "dpvr-lf")).Should().Throw<CheckpointException>()
            .WithMessage($"{Path.Combine(folder.Path, "dpvr.safetensors")} is missing*dpvr train side-branch --model {folder.Path}*");
    }

    [Fact]
    public void Load_OfNoRouting_SaysWhatIsAllowed()
    {
        using var folder = Folder(sideBranch: false);
        FluentActions.Invoking(() => LlavaBundle.Load(folder.Path, "sparse")).Should().Throw<ArgumentException>().WithMessage("'sparse' is not a routing; allowed are auto, dense, withdraw and dpvr-lf.*");
    }

    [Fact]
    public void Load_WhenTheTokenizerHasMoreIdsThanTheEmbedding_Refuses()
    {
        using var folder = Folder(sideBranch: false, addedTokens: 80);
        FluentActions.Invoking(() => LlavaBundle.Load(folder.Path)).Should().Throw<CheckpointException>().WithMessage("*320 rows*tokenizer has 3?? ids*");
    }

    [Fact]
    public void Load_ThenGenerate_GoesFromTextAndLevelsToText()
    {
        using var folder = Folder(sideBranch: true);
        using var bundle = LlavaBundle.Load(folder.Path);
        var prompt = bundle.Prompts.Encode("Is there a red star?", images: 1);
        using var engine = new GenerationEngine(bundle.Model, new() { Slots = 2, MaxTextTokens = prompt.Ids.Length + 8, Pixels = PixelScale.Of(bundle.Images) });
        var levels = new byte[bundle.Images.PictureLength];
        new Random(1).NextBytes(levels);
        GenerationRequest Request(string id, PreparedImage image) => new() { Id = id, Prompt = prompt.Ids, Images = [image], Sampling = new() { MaxNewTokens = 6 }, Stop = bundle.Stop };
        engine.Submit(Request("levels", PreparedImage.FromLevels("a", levels)));
        engine.Submit(Request("normalised", PreparedImage.FromNormalized("b", bundle.Images.Normalise(levels))));
        var results = new List<GenerationResult>();
        while (engine.HasWork) results.AddRange(engine.Step());
        results.Should().HaveCount(2);
        results[0].Tokens.Should().NotBeEmpty().And.Equal(results[1].Tokens);
        results[0].PromptTokens.Should().Be(prompt.Ids.Length - 1 + 16);
        bundle.Tokenizer.Decode(results[0].Tokens).Should().NotBeNull();
        bundle.Revision.Should().HaveLength(64);
    }

    [Fact]
    public void Load_WhenThePlanDoesNotFit_EndsBeforeItsWeightsAreRead()
    {
        using var folder = Folder(sideBranch: true);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        (int? Layers, int? Prompt) told = default;
        FluentActions.Invoking(() => LlavaBundle.Load(folder.Path, beforeWeights: (config, plan, prompts) =>
        {
            told = (plan.Layers, prompts.Encode("Is there a red star?", images: 1).Ids.Length);
            EnginePlan.Of(config, plan, Placement.Cpu, new(), memoryBytes: 1);
        })).Should().Throw<EngineMemoryException>();
        told.Layers.Should().BePositive();
        told.Prompt.Should().BePositive();
        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.Should().Be(before);
    }

    [Fact]
    public void PixelScale_OfAProcessor_NormalisesAsItDoes()
    {
        using var folder = Folder(sideBranch: false);
        using var scope = NewDisposeScope();
        using var bundle = LlavaBundle.Load(folder.Path);
        var levels = new byte[bundle.Images.PictureLength];
        new Random(1).NextBytes(levels);
        var want = tensor(bundle.Images.Normalise(levels)).view(1, 3, 56, 56);
        GoldenAssert.Close(PixelScale.Of(bundle.Images).Apply(tensor(levels).view(1, 3, 56, 56)), want, rtol: 0, atol: 1e-5);
    }

    /// <summary>A reference model with a small tokenizer beside it.</summary>
    private static TemporaryFolder Folder(bool sideBranch, int addedTokens = 2)
    {
        var folder = new TemporaryFolder();
        var golden = GoldenFolder.Model("tiny-a");
        foreach (var file in Directory.EnumerateFiles(golden.ModelFolder)) File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        if (sideBranch)
            foreach (var name in (string[])[DpvrConfig.FileName, SideBranchFiles.WeightsName])
                File.Copy(Path.Combine(golden.SideBranchFolder, name), Path.Combine(folder.Path, name));
        BpeTrainer.Train(["There is a red star.", "Is there a red star? There is a large red ring.", "There are stars"], folder.Path,
            new BpeTrainerOptions { VocabularySize = 316 + addedTokens, AddedTokens = [.. Enumerable.Range(0, addedTokens).Select(i => $"<extra{i}>")] });
        return folder;
    }
}
