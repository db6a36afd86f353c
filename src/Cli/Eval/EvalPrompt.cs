using Dpvr.Scenes;

namespace Dpvr.Cli.Eval;

/// <summary>One thing a model is asked about a scene: a caption of a style, or a question.</summary>
/// <param name="Scene">The ground truth.</param>
/// <param name="Text">The prompt.</param>
/// <param name="Style">Set for captions.</param>
/// <param name="Question">Set for questions.</param>
internal sealed record EvalPrompt(Scene Scene, string Text, CaptionStyle? Style, SceneQuestion? Question)
{
    /// <summary>Captions of all styles, whose wordings take turns from scene to scene, and then questions.</summary>
    public static IReadOnlyList<EvalPrompt> Of(Scene scene, int questions) =>
    [
        .. SceneCaptions.Styles.Select(style => new EvalPrompt(scene, SceneCaptions.Prompts(style)[(int)(scene.Index % SceneCaptions.Prompts(style).Count)], style, null)),
        .. SceneQuestions.Draw(scene, (ulong)scene.Index, questions).Select(q => new EvalPrompt(scene, q.Question, null, q)),
    ];
}
