using Dpvr.Model.Engine;
using Dpvr.Model.Pictures;
using Dpvr.Scenes;

namespace Dpvr.Cli.Eval;

/// <summary>A scene's picture as the model reads it, and what is asked about it.</summary>
internal sealed record PreparedScene(PreparedImage Picture, IReadOnlyList<EvalPrompt> Prompts)
{
    private const int Size = 224; // as the sample pictures; resized as any user's picture is

    public static PreparedScene Of(Scene scene, IReadOnlyList<EvalPrompt> prompts, ImageProcessor processor)
    {
        var picture = new DecodedPicture(SceneRenderer.Render(scene, Size), Size, Size, "scene");
        return new PreparedScene(PreparedImage.FromLevels($"{scene.Split} {scene.Index}", processor.Resize(picture, PictureFit.CenterCrop)), prompts);
    }
}
