using Dpvr.Cli.Cards;
using Dpvr.Cli.Terminal;
using Dpvr.Model;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Pictures;
using Dpvr.Model.Routing;
using Dpvr.Model.Tokens;
using Dpvr.Model.Training;
using Dpvr.Scenes;
using static TorchSharp.torch;

namespace Dpvr.Cli.Train;

/// <summary>Trains a small LLaVA-shaped model on scenes, from nothing: tokenizer, tower, projector and language.</summary>
/// <param name="settings">Shapes and schedule.</param>
/// <param name="console">Shows how it goes.</param>
internal sealed class BaseModelRun(BaseModelSettings settings, SystemConsole console)
{
    private const int TokenizerScenes = 4000;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var placement = settings.Machine.Prepare();
        var folder = settings.Output;
        Directory.CreateDirectory(folder);
        var tokenizer = File.Exists(Path.Combine(folder, "tokenizer.json")) ? Tokenizer.Load(folder) : TrainTokenizer(folder);
        if (!tokenizer.TryGetId("<image>", out var imageToken)) throw new InvalidOperationException($"{folder}/tokenizer.json has no <image> token.");
        var config = settings.Config(tokenizer.VocabularySize, imageToken, tokenizer.PadId);
        var processor = new ImageProcessor(config.Vision.ImageSize);
        config.Save(folder);
        processor.Save(folder);
        new GenerationConfig { BosTokenId = tokenizer.BosId ?? 1, EosTokenIds = [tokenizer.EosId ?? 2], PadTokenId = tokenizer.PadId }.Save(folder);

        using var model = new LlavaModel(config, RoutingPlan.Dense(config.Text.Layers), new RandomWeights(config, settings.Training.Seed), null, placement);
        using var patches = new PatchSupervision([SceneWords.Shapes.Count + 1, SceneWords.Colours.Count + 1, SceneWords.Sizes.Count + 1], config.Vision.HiddenSize);
        var examples = new SceneExamples(new PromptEncoder(tokenizer, ChatTemplate.Llava15, imageToken), processor, imageToken, config.Vision.PatchesPerSide, settings.Questions);
        using var trainer = new Trainer(model, model.Weights, examples, processor, settings.Training, patches);
        await TrainingSession.RunAsync(trainer, folder, console, cancellation);
        ModelWriter.Write(Path.Combine(folder, "model.safetensors"), model.Weights, ScalarType.BFloat16);
        new ModelCard(folder).RecordTraining("base", settings.Training, TrainingSession.LogIn(folder),
            $"synthetic scenes, train split; a caption and {settings.Questions} questions each; the tower alone for the first {settings.Training.VisionSteps} steps");
        console.Out.WriteLine($"model: {folder}");
    }

    private static Tokenizer TrainTokenizer(string folder)
    {
        var lines = Enumerable.Range(0, TokenizerScenes).SelectMany(i =>
        {
            var scene = SceneGenerator.Generate(SceneSplit.Train, i);
            return SceneCaptions.Styles.SelectMany(style => SceneCaptions.Prompts(style).Append(SceneCaptions.Write(scene, style)))
                .Concat(SceneQuestions.For(scene).SelectMany(q => new[] { q.Question, q.Answer }))
                .Concat(["USER: ", "ASSISTANT:"]);
        });
        return BpeTrainer.Train(lines, folder, new BpeTrainerOptions { VocabularySize = 512 });
    }
}
