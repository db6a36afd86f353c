using System.Text;
using System.Text.Json;

namespace Dpvr.Model.Tokens;

/// <summary>
/// How questions and answers are laid out: LLaVA-1.5's published form is <c>USER: &lt;image&gt;\n{prompt} ASSISTANT:</c>
/// (chat template of <c>llava-hf/llava-1.5-7b-hf</c>), where answers end with <c>&lt;/s&gt;</c> as in its training.
/// </summary>
public sealed record ChatTemplate
{
    /// <summary>Stands for one picture in a prompt.</summary>
    public const string ImageMarker = "<image>";

    /// <summary>The system prompt with which LLaVA-1.5 was trained (Vicuna's); its Hugging Face template leaves it out.</summary>
    public const string VicunaSystem =
        "A chat between a curious human and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the human's questions.";

    private const string EndMark = "</s>";

    /// <summary>LLaVA-1.5's template without a system prompt.</summary>
    public static ChatTemplate Llava15 { get; } = new();

    /// <summary>Layout. Default: <see cref="ChatFamily.Llava15"/>.</summary>
    public ChatFamily Family { get; init; } = ChatFamily.Llava15;

    /// <summary>Put before the conversation where its first turn is not a system turn. Default: none.</summary>
    public string? System { get; init; }

    /// <summary>
    /// Recognises the family from the template in <c>chat_template.json</c>, <c>chat_template.jinja</c> or
    /// <c>tokenizer_config.json</c>. The template itself is not run: one that is missing or not known means LLaVA-1.5's.
    /// </summary>
    public static ChatTemplate Load(string folder)
    {
        string template = FromJson(Path.Combine(folder, "chat_template.json"))
            ?? FromFile(Path.Combine(folder, "chat_template.jinja"))
            ?? FromJson(Path.Combine(folder, "tokenizer_config.json"))
            ?? "";
        return new ChatTemplate
        {
            Family = template.Contains("[INST]", StringComparison.Ordinal) ? ChatFamily.Inst : ChatFamily.Llava15,
            System = template.Contains(VicunaSystem, StringComparison.Ordinal) ? VicunaSystem : null,
        };
    }

    /// <summary>One question about <paramref name="images"/> pictures, which stand where <paramref name="prompt"/> has markers, or before it where it has none.</summary>
    public RenderedChat Render(string prompt, int images) => Render([new ChatTurn(ChatRole.User, prompt)], images);

    /// <summary>A conversation whose pictures are those that its user turns have markers for.</summary>
    public RenderedChat Render(IReadOnlyList<ChatTurn> turns) => Render(turns, CountMarkers(turns));

    /// <summary>
    /// A conversation. Where it ends with the user's turn, the text ends where the answer begins.
    /// Error <see cref="PromptError.ImageCount"/>: there are markers, but not one for each picture.
    /// </summary>
    public RenderedChat Render(IReadOnlyList<ChatTurn> turns, int images)
    {
        var parts = Parts(turns, images, out var error);
        if (error is not null) return new RenderedChat { Error = error };
        var text = new StringBuilder();
        var answers = new List<(int, int)>();
        foreach (var part in parts)
        {
            if (part.Kind == ChatPartKind.Answer) answers.Add((text.Length, part.Text.Length));
            text.Append(part.Text);
        }
        return new RenderedChat { Text = text.ToString(), Answers = answers };
    }

    /// <summary>The conversation in parts, whose texts together are the rendered text.</summary>
    internal List<ChatPart> Parts(IReadOnlyList<ChatTurn> turns, int images, out PromptError? error)
    {
        ArgumentNullException.ThrowIfNull(turns);
        ArgumentOutOfRangeException.ThrowIfNegative(images);
        int markers = CountMarkers(turns);
        bool place = markers == 0 && images > 0;
        error = place && turns.Any(t => t.Role == ChatRole.User) || markers == images
            ? null
            : new PromptError(PromptError.ImageCount, $"the prompt has {markers} {ImageMarker} markers for {images} pictures");
        var parts = new List<ChatPart>();
        if (error is not null) return parts;

        var prompt = new StringBuilder();
        if (turns.Count > 0 && turns[0].Role != ChatRole.System && System is { } system) AppendSystem(prompt, system);
        for (int i = 0; i < turns.Count; i++)
            switch (turns[i].Role)
            {
                case ChatRole.System:
                    AppendSystem(prompt, turns[i].Text);
                    break;
                case ChatRole.User:
                    AppendUser(prompt, turns[i].Text, place ? images : 0);
                    place = false;
                    break;
                default:
                    AppendAnswer(parts, prompt, turns[i].Text);
                    break;
            }
        if (turns.Count > 0 && turns[^1].Role != ChatRole.Assistant) AskForAnswer(prompt);
        if (prompt.Length > 0) parts.Add(new ChatPart(prompt.ToString(), ChatPartKind.Prompt));
        return parts;
    }

    private void AppendSystem(StringBuilder prompt, string text) =>
        prompt.Append(Family == ChatFamily.Inst ? $"<<SYS>>\n{text}\n<</SYS>>\n\n" : text + " ");

    private void AppendUser(StringBuilder prompt, string text, int images)
    {
        prompt.Append(Family == ChatFamily.Inst ? "[INST] " : "USER: ");
        for (int i = 0; i < images; i++) prompt.Append(ImageMarker).Append('\n');
        prompt.Append(text).Append(' ');
    }

    private void AskForAnswer(StringBuilder prompt) => prompt.Append(Family == ChatFamily.Inst ? "[/INST]" : "ASSISTANT:");

    private void AppendAnswer(List<ChatPart> parts, StringBuilder prompt, string text)
    {
        AskForAnswer(prompt);
        parts.Add(new ChatPart(prompt.ToString(), ChatPartKind.Prompt));
        prompt.Clear();
        if (text.Length > 0)
        {
            parts.Add(new ChatPart(" ", ChatPartKind.Gap));
            parts.Add(new ChatPart(text, ChatPartKind.Answer));
        }
        parts.Add(new ChatPart(EndMark, ChatPartKind.End));
    }

    internal static int CountMarkers(IReadOnlyList<ChatTurn> turns) =>
        turns.Where(t => t.Role != ChatRole.Assistant).Sum(t => t.Text.AsSpan().Count(ImageMarker));

    private static string? FromFile(string path) => File.Exists(path) ? File.ReadAllText(path) : null;

    private static string? FromJson(string path)
    {
        if (FromFile(path) is not { } json) return null;
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.TryGetProperty("chat_template", out var template) && template.ValueKind == JsonValueKind.String ? template.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new Checkpoints.CheckpointException($"{path}: {e.Message}", e);
        }
    }
}
