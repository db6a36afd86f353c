using Dpvr.Cli.Cards;
using Dpvr.Cli.Terminal;
using Dpvr.Model;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Pictures;
using Dpvr.Model.Routing;
using Dpvr.Model.Tokens;
using Dpvr.Model.Training;
using static TorchSharp.torch;

namespace Dpvr.Cli.Train;

/// <summary>
/// Trains a DPVR-LF side branch for a checkpoint: everything is frozen but the one layer, which starts as a copy of the layer
/// its tokens would have entered. The gradient flows through the fusion layer and the side branch alone.
/// </summary>
/// <param name="settings">Model, data and schedule.</param>
/// <param name="console">Shows how it goes.</param>
internal sealed class SideBranchRun(SideBranchSettings settings, SystemConsole console)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var placement = settings.Machine.Prepare();
        using var checkpoint = Checkpoint.Open(settings.Model);
        var config = checkpoint.Config;
        var tokenizer = Tokenizer.Load(settings.Model);
        checkpoint.RequireVocabulary(tokenizer.VocabularySize);
        var processor = ImageProcessor.Load(settings.Model);
        var encoder = new PromptEncoder(tokenizer, ChatTemplate.Load(settings.Model), config.ImageTokenIndex);
        ITrainingSource examples = settings.Data is { } data
            ? new ConversationExamples(data, settings.Images ?? Path.GetDirectoryName(Path.GetFullPath(data))!, encoder, processor, config.ImageTokenIndex, settings.Fit)
            : new SceneExamples(encoder, processor, config.ImageTokenIndex, config.Vision.PatchesPerSide, withPatchLabels: false);

        var saturation = settings.Saturation ?? checkpoint.Dpvr?.SaturationLayer ?? config.Text.Layers * 9 / 16;
        var plan = RoutingPlan.DpvrLf(config.Text.Layers, saturation, settings.Fusion);
        using var model = new LlavaModel(config, plan, checkpoint, new SideBranchFromLayer(checkpoint, saturation), placement);
        using var trainer = new Trainer(model, model.SideBranchWeights, examples, processor, settings.Training);
        Directory.CreateDirectory(settings.Output);
        await TrainingSession.RunAsync(trainer, settings.Output, console, cancellation);

        new DpvrConfig { NumHiddenLayers = plan.Layers, SaturationLayer = plan.Saturation, FusionLayer = plan.Fusion }.Save(settings.Output);
        ModelWriter.Write(Path.Combine(settings.Output, "dpvr.safetensors"), model.SideBranchWeights, ScalarType.BFloat16);
        if (Path.GetFullPath(settings.Output) == Path.GetFullPath(Path.Combine(settings.Model, "dpvr")))
            new ModelCard(settings.Model).RecordTraining("side_branch", settings.Training, TrainingSession.LogIn(settings.Output),
                settings.Data is null ? "synthetic scenes, train split" : Path.GetFileName(settings.Data));
        console.Out.WriteLine($"side branch: {settings.Output} (layers {plan.Saturation} to {plan.Fusion - 1} are text-only, fusion in layer {plan.Fusion})");
    }
}
