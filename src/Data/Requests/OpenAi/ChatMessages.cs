using System.Text;
using System.Text.Json;

namespace Dpvr.Data.Requests.OpenAi;

/// <summary>Reads <c>messages</c>: texts of system (or developer) turns, and one user turn with one picture. The picture comes before the texts wherever it stands, as LLaVA-1.5 was trained.</summary>
internal static class ChatMessages
{
    private const string Marker = "<image>";

    public static (string Prompt, ChatPicture Picture) Read(JsonElement messages, string path, int maxPictureBytes)
    {
        if (messages.ValueKind != JsonValueKind.Array) throw ChatException.Invalid(path, "it is no array");
        var (system, user) = (new List<string>(), new List<string>());
        ChatPicture? picture = null;
        var (turn, users) = (0, 0);
        foreach (var message in messages.EnumerateArray())
        {
            var here = $"{path}[{turn++}]";
            if (message.ValueKind != JsonValueKind.Object) throw ChatException.Invalid(here, "it is no object");
            var role = Text(message, "role", here);
            var own = role switch
            {
                "system" or "developer" => system,
                "user" => user,
                _ => throw ChatException.Unsupported($"{here}.role", $"'{role}': one question about one picture is answered, from turns of system, developer and user"),
            };
            if (role == "user" && ++users > 1) throw ChatException.Unsupported(here, "one question about one picture is answered, and this is a second user turn");
            foreach (var part in Parts(message, here))
                if (part.Text is { } text) own.Add(NoMarker(text, part.Path));
                else if (role != "user") throw ChatException.Unsupported(part.Path, "pictures belong in the user's turn");
                else if (picture is not null) throw ChatException.Unsupported(part.Path, "a request has one picture, and this is a second");
                else picture = PictureOf(part.Value, part.Path, maxPictureBytes);
        }
        if (picture is null) throw ChatException.Invalid(path, "there is no picture: the user's turn needs a part of type image_url");
        var prompt = string.Join('\n', system.Concat(user));
        if (string.IsNullOrWhiteSpace(prompt)) throw ChatException.Invalid(path, "there is no text");
        return Encoding.UTF8.GetByteCount(prompt) <= RequestRows.MaxPrompt
            ? (prompt, picture)
            : throw new ChatException("string_above_max_length", $"The texts of '{path}' have more than {RequestRows.MaxPrompt} bytes.", path);
    }

    // In a prompt it stands for the picture: a text that holds it would move the picture, or ask for two.
    private static string NoMarker(string text, string path) => !text.Contains(Marker, StringComparison.Ordinal) ? text : throw ChatException.Invalid(path, $"its text holds {Marker}");

    private static IEnumerable<(string? Text, JsonElement Value, string Path)> Parts(JsonElement message, string path)
    {
        if (Fields.Find(message, "content") is not { } content) throw ChatException.Missing($"{path}.content");
        if (content.ValueKind == JsonValueKind.String)
        {
            yield return (content.GetString(), content, $"{path}.content");
            yield break;
        }
        if (content.ValueKind != JsonValueKind.Array) throw ChatException.Invalid($"{path}.content", "it is neither a text nor an array of parts");
        var at = 0;
        foreach (var part in content.EnumerateArray())
        {
            var here = $"{path}.content[{at++}]";
            if (part.ValueKind != JsonValueKind.Object) throw ChatException.Invalid(here, "it is no object");
            var type = Text(part, "type", here);
            yield return type switch
            {
                "text" => (Text(part, "text", here), part, here),
                "image_url" => (null, part, $"{here}.image_url"),
                _ => throw ChatException.Unsupported($"{here}.type", $"'{type}'; supported: text, image_url"),
            };
        }
    }

    private static ChatPicture PictureOf(JsonElement part, string path, int maxPictureBytes)
    {
        if (Fields.Find(part, "image_url") is not { ValueKind: JsonValueKind.Object } image) throw ChatException.Missing(path);
        if (Fields.Find(image, "url") is not { ValueKind: JsonValueKind.String } url) throw ChatException.Missing($"{path}.url");
        if (DataUrl.TryRead(url, maxPictureBytes, out var bytes, out var error))
            return error is null ? new ChatPicture(null, bytes) : throw new ChatException("invalid_image_url", $"Invalid value for '{path}.url': {error}.", $"{path}.url");
        var text = url.GetString()!;
        return Sources.PictureUrl.Check(text, path) is { } refusal ? throw new ChatException("invalid_image_url", refusal.Message, $"{path}.url")
            : text.Length <= RequestRows.MaxUrl ? new ChatPicture(text, null)
            : throw new ChatException("invalid_image_url", $"Invalid value for '{path}.url': it has more than {RequestRows.MaxUrl} characters.", $"{path}.url");
    }

    private static string Text(JsonElement row, string name, string path) => Fields.Find(row, name) switch
    {
        null => throw ChatException.Missing($"{path}.{name}"),
        { ValueKind: JsonValueKind.String } value => value.GetString()!,
        _ => throw ChatException.Invalid($"{path}.{name}", "it is no text"),
    };
}
