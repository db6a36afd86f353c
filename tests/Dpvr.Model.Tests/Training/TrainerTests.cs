using Dpvr.Model.Layers;
using Dpvr.Model.Routing;
using Dpvr.Model.Tests.Checkpoints;
using Dpvr.Model.Training;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Training;

public sealed class TrainerTests
{
    [Fact]
    public async Task RunAsync_WhenTheTaskCanBeLearned_LearnsItWithPatches()
    {
        using var model = TinyTraining.Model();
        using var patches = new PatchSupervision([2], TinyWidth(model));
        using var trainer = new Trainer(model, model.Weights, new TinyTraining(), TinyTraining.Processor, TinyTraining.Options(60), patches);
        var seen = new List<TrainingProgress>();

        await trainer.RunAsync(seen.Add, () => { }, TestContext.Current.CancellationToken);

        seen.Should().HaveCount(60);
        seen[0].TextLoss.Should().BeGreaterThan(3, "it knows nothing of 96 tokens yet");
        seen[^1].TextLoss.Should().BeLessThan(0.3);
        seen[^1].TokensRight.Should().Be(1);
        seen[^1].PatchesRight.Should().Be(1);
    }

    [Fact]
    public async Task RunAsync_WhenTheAnswerIsInThePictureAlone_StaysAtChanceWithoutIt()
    {
        // The counter-proof: were the answer leaked by the text, the other branch or the padding, this would be learned too.
        using var model = TinyTraining.Model();
        using var trainer = new Trainer(model, model.Weights, new Blind(), TinyTraining.Processor, TinyTraining.Options(60));
        var seen = new List<TrainingProgress>();

        await trainer.RunAsync(seen.Add, () => { }, TestContext.Current.CancellationToken);

        // Two of the four targets are end tokens, which are learned; the other two are a coin's toss.
        seen[^1].TokensRight.Should().BeInRange(0.5, 0.8);
    }

    [Fact]
    public async Task RunAsync_WhenResumed_EndsWhereAnUnbrokenRunEnds()
    {
        using var folder = new TempFolder();
        var unbroken = await Train(stopAt: null, folder.Path);
        var broken = await Train(stopAt: 5, folder.Path);

        broken.Should().Equal(unbroken);
    }

    [Fact]
    public async Task RunAsync_WhenCancelled_SavesAndThrows()
    {
        using var model = TinyTraining.Model();
        using var trainer = new Trainer(model, model.Weights, new TinyTraining(), TinyTraining.Processor, TinyTraining.Options(1000));
        using var stop = new CancellationTokenSource();
        var saved = 0;

        var run = () => trainer.RunAsync(p => { if (p.Step == 3) stop.Cancel(); }, () => saved = trainer.Step, stop.Token);

        await run.Should().ThrowAsync<OperationCanceledException>();
        saved.Should().Be(3);
    }

    [Fact]
    public async Task RunAsync_WhenOnlyTheSideBranchIsTrained_ChangesNothingElse()
    {
        using var model = TinyTraining.Model(RoutingPlan.DpvrLf(5, 2));
        var before = Sums(model.Weights);
        var branch = Sums(model.SideBranchWeights);
        using var trainer = new Trainer(model, model.SideBranchWeights, new TinyTraining(), TinyTraining.Processor, TinyTraining.Options(3));

        await trainer.RunAsync(_ => { }, () => { }, TestContext.Current.CancellationToken);

        Sums(model.Weights).Should().Equal(before);
        Sums(model.SideBranchWeights).Should().NotContain(s => branch.Contains(s), "every weight of the side branch moves");
    }

    [Theory]
    [InlineData("Steps")]
    [InlineData("Batch")]
    [InlineData("LearningRate")]
    [InlineData("RoutingDropout")]
    public void Validate_WhenAnOptionIsOutOfRange_NamesIt(string option)
    {
        var options = option switch
        {
            "Steps" => new TrainingOptions { Steps = 0 },
            "Batch" => new TrainingOptions { Batch = -1 },
            "LearningRate" => new TrainingOptions { LearningRate = 2 },
            _ => new TrainingOptions { RoutingDropout = 1.5 },
        };

        var validate = options.Validate;

        validate.Should().Throw<ArgumentException>().WithMessage($"{option} is *allowed*");
    }

    [Fact]
    public void LearningRateAt_WarmsUpThenFalls()
    {
        var options = new TrainingOptions { Steps = 100, Warmup = 10, LearningRate = 1e-3 };

        options.LearningRateAt(0).Should().BeApproximately(1e-4, 1e-9);
        options.LearningRateAt(9).Should().BeApproximately(1e-3, 1e-9);
        options.LearningRateAt(55).Should().BeApproximately(1e-3 * (0.02 + 0.98 * 0.5), 1e-9);
        options.LearningRateAt(100).Should().BeApproximately(2e-5, 1e-9);
    }

    /// <summary>Ten steps, in one run or in two with a state saved in between; returns what identifies the final weights.</summary>
    private static async Task<IReadOnlyList<double>> Train(int? stopAt, string folder)
    {
        var options = TinyTraining.Options(10) with { RoutingDropout = 0.5, Saturation = 2 };
        var state = new TrainingState(Path.Combine(folder, stopAt is null ? "whole" : "broken"));
        if (stopAt is { } stop)
        {
            using var first = TinyTraining.Model();
            using var trainer = new Trainer(first, first.Weights, new TinyTraining(), TinyTraining.Processor, options);
            using var cancel = new CancellationTokenSource();
            var run = () => trainer.RunAsync(p => { if (p.Step == stop) cancel.Cancel(); }, () => state.Save(trainer), cancel.Token);
            await run.Should().ThrowAsync<OperationCanceledException>();
        }
        using var model = TinyTraining.Model();
        using var last = new Trainer(model, model.Weights, new TinyTraining(), TinyTraining.Processor, options);
        state.Restore(last).Should().Be(stopAt is not null);
        await last.RunAsync(_ => { }, () => { }, TestContext.Current.CancellationToken);
        return Sums(model.Weights);
    }

    private static List<double> Sums(IEnumerable<NamedWeight> weights)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return [.. weights.Select(w => w.PartOf(w.Storage).to(ScalarType.Float64).square().sum().item<double>())];
    }

    private static int TinyWidth(LlavaModel model) => model.Config.Vision.HiddenSize;

    private sealed class Blind : ITrainingSource
    {
        private readonly TinyTraining _seeing = new();

        public TrainingExample Example(long index)
        {
            var example = _seeing.Example(index);
            return example with { Pixels = new byte[example.Pixels.Length], PatchLabels = null };
        }
    }
}
