using Dpvr.Model.Language;
using Dpvr.Model.Pictures;
using Dpvr.Model.Tokens;
using Dpvr.Model.Training;
using Dpvr.Scenes;

namespace Dpvr.Cli.Train;

/// <summary>
/// Endless training examples: a scene of the training split, one caption of each style and a few questions, each a separate
/// conversation about the same picture.
/// </summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="processor">The model's picture preparation.</param>
/// <param name="imageToken">Token id that stands for the picture.</param>
/// <param name="patchesPerSide">Patches of the vision tower along a side, for dense labels.</param>
/// <param name="questions">Questions a scene.</param>
internal sealed class SceneExamples(Tokenizer tokenizer, ImageProcessor processor, int imageToken, int patchesPerSide, int questions = 5) : ITrainingSource
{
    // Pictures of several sizes, since users' pictures are resized too and resampling leaves its traces.
    private static readonly int[] Sizes = [224, 112, 224, 160];

    public TrainingExample Example(long index)
    {
        var scene = SceneGenerator.Generate(SceneSplit.Train, index);
        var size = Sizes[index % Sizes.Length];
        var picture = new DecodedPicture(SceneRenderer.Render(scene, size), size, size, "scene");

        var conversations = SceneCaptions.Styles
            .Select((style, i) => SceneCaptions.Prompts(style)[(int)((index / Sizes.Length + i) % SceneCaptions.Prompts(style).Count)])
            .Select(prompt => (Prompt: prompt, Answer: SceneCaptions.For(scene, prompt)))
            .Concat(SceneQuestions.Draw(scene, (ulong)index, questions).Select(q => (Prompt: q.Question, q.Answer)));
        var branches = conversations.Select(c => TrainingTokens.Of(tokenizer, imageToken, c.Prompt, c.Answer)).ToArray();
        var labels = ScenePatchLabels.Of(scene, patchesPerSide);
        return new TrainingExample(
            processor.Resize(picture, PictureFit.CenterCrop),
            new BranchedPrompt(branches[0].Shared, [.. branches.Select(b => b.Tokens)]),
            [.. branches.Select(b => b.IsTarget)],
            [labels.Shapes, labels.Colours, labels.Sizes]);
    }
}
