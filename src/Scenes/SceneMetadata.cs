using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dpvr.Scenes;

/// <summary>
/// Lines of metadata.jsonl. "file_name" follows the ImageFolder convention; all else lies under "scene" and "reference", so that
/// no reader takes the ground truth for prompts or finished captions.
/// </summary>
internal static class SceneMetadata
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Line(Scene scene, string fileName, SceneDatasetOptions options) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        FileName = fileName,
        Scene = new
        {
            scene.Split,
            scene.Index,
            Background = new { scene.Background.Pattern, scene.Background.Colour },
            Objects = scene.Objects.Select(o => new
            {
                o.Size,
                o.Colour,
                o.Shape,
                X = Math.Round(o.X, 4),
                Y = Math.Round(o.Y, 4),
                Radius = Math.Round(o.Radius, 4),
                Rotation = Math.Round(o.Rotation, 4),
            }),
        },
        Reference = new
        {
            Captions = SceneCaptions.Styles.ToDictionary(style => SceneCaptions.Prompts(style)[0], style => SceneCaptions.Write(scene, style)),
            Questions = Questions(scene, options),
        },
    }, Json);

    /// <summary>The questions that a data set holds of a scene.</summary>
    public static IReadOnlyList<SceneQuestion> Questions(Scene scene, SceneDatasetOptions options) =>
        SceneQuestions.Draw(scene, 0, options.Questions);
}
