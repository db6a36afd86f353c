using System.Text.Json;

namespace Dpvr.Scenes;

/// <summary>
/// Writes LLaVA's training format: for each picture a conversation of one turn for each caption style, its prompt drawn from the
/// style's paraphrases, and for each question.
/// </summary>
internal static class ConversationWriter
{
    private const ulong PromptSalt = 0xC0;

    public static async Task WriteAsync(Stream stream, SceneDatasetOptions options, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartArray();
        foreach (var (scene, fileName) in SceneDataset.Scenes(options))
        {
            var number = 0;
            foreach (var (prompt, answer) in Turns(scene, options))
                WriteOne(json, $"{Path.GetFileNameWithoutExtension(fileName)}-{number++}", fileName, prompt, answer);
            await json.FlushAsync(cancellationToken); // bounds the memory of a long list
        }
        json.WriteEndArray();
    }

    private static IEnumerable<(string Prompt, string Answer)> Turns(Scene scene, SceneDatasetOptions options)
    {
        foreach (var style in SceneCaptions.Styles)
        {
            var prompts = SceneCaptions.Prompts(style);
            var drawn = SceneRandom.At(PromptSalt + (ulong)style, (ulong)scene.Index) % (ulong)prompts.Count;
            yield return (prompts[(int)drawn], SceneCaptions.Write(scene, style));
        }
        foreach (var question in SceneMetadata.Questions(scene, options))
            yield return (question.Question, question.Answer);
    }

    private static void WriteOne(Utf8JsonWriter json, string id, string image, string prompt, string answer)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("image", image);
        json.WriteStartArray("conversations");
        WriteTurn(json, "human", "<image>\n" + prompt);
        WriteTurn(json, "gpt", answer);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTurn(Utf8JsonWriter json, string from, string value)
    {
        json.WriteStartObject();
        json.WriteString("from", from);
        json.WriteString("value", value);
        json.WriteEndObject();
    }
}
