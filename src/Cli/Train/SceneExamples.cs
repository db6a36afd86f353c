using Dpvr.Model.Language;
using Dpvr.Model.Pictures;
using Dpvr.Model.Tokens;
using Dpvr.Model.Training;
using Dpvr.Scenes;

namespace Dpvr.Cli.Train;

/// <summary>
/// Endless training examples: a scene of the training split, a caption in one of the styles and a few questions, each a separate
/// conversation about the same picture.
/// </summary>
/// <param name="encoder">Renders and tokenises as inference does.</param>
/// <param name="processor">The model's picture preparation.</param>
/// <param name="imageToken">Token id that stands for the picture.</param>
/// <param name="patchesPerSide">Patches of the vision tower along a side, for dense labels.</param>
/// <param name="questions">Questions a scene.</param>
/// <param name="withPatchLabels">Also say what covers each patch.</param>
internal sealed class SceneExamples(PromptEncoder encoder, ImageProcessor processor, int imageToken, int patchesPerSide, int questions = 3, bool withPatchLabels = true) : ITrainingSource
{
    // Pictures of several sizes, since users' pictures are resized too and resampling leaves its traces.
    private static readonly int[] Sizes = [224, 112, 224, 160];

    public TrainingExample Example(long index)
    {
        var scene = SceneGenerator.Generate(SceneSplit.Train, index);
        var size = Sizes[index % Sizes.Length];
        var picture = new DecodedPicture(SceneRenderer.Render(scene, size), size, size, "scene");

        var style = SceneCaptions.Styles[(int)(index / Sizes.Length % SceneCaptions.Styles.Count)];
        var prompts = SceneCaptions.Prompts(style);
        var prompt = prompts[(int)(index / Sizes.Length / SceneCaptions.Styles.Count % prompts.Count)];
        IEnumerable<(string Prompt, string Answer)> conversations =
            [(prompt, SceneCaptions.For(scene, prompt)), .. SceneQuestions.Draw(scene, (ulong)index, questions).Select(q => (q.Question, q.Answer))];
        var branches = conversations.Select(c => TrainingTokens.Of(encoder, imageToken, c.Prompt, c.Answer)).ToArray();
        var labels = withPatchLabels ? ScenePatchLabels.Of(scene, patchesPerSide) : null;
        return new TrainingExample(
            processor.Resize(picture, PictureFit.CenterCrop),
            new BranchedPrompt(branches[0].Shared, [.. branches.Select(b => b.Tokens)]),
            [.. branches.Select(b => b.IsTarget)],
            labels is null ? null : [labels.Shapes, labels.Colours, labels.Sizes]);
    }
}
