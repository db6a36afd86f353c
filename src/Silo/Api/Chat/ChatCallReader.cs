using System.Globalization;
using System.Text;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Api.Chat;

/// <summary>
/// Reads what OpenAI's clients send. What would change the answer and is not served is refused by name; members that nobody here knows are passed over, since clients
/// send many.
/// </summary>
internal static class ChatCallReader
{
    private const string Marker = "<image>";

    // Each with the values that ask for nothing.
    private static readonly (string Name, Func<JsonElement, bool> AsksNothing, string Allowed)[] s_unserved =
    [
        ("n", static v => v is { ValueKind: JsonValueKind.Number } && v.TryGetInt32(out var n) && n == 1, "1"),
        ("tools", static v => v is { ValueKind: JsonValueKind.Array } && v.GetArrayLength() == 0, "none"),
        ("functions", static v => v is { ValueKind: JsonValueKind.Array } && v.GetArrayLength() == 0, "none"),
        ("logprobs", static v => v.ValueKind == JsonValueKind.False, "false"),
        ("audio", static _ => false, "none"),
        ("frequency_penalty", IsZero, "0"),
        ("presence_penalty", IsZero, "0"),
        ("response_format", static v => v.ValueKind == JsonValueKind.Object && v.TryGetProperty("type", out var type) && type.ValueEquals("text"), "{\"type\":\"text\"}"),
    ];

    /// <exception cref="RefusedException">A member is wrong.</exception>
    public static ChatCall Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) throw new RefusedException("body", body.ValueKind.ToString().ToLowerInvariant(), "a JSON object");
        foreach (var (name, asksNothing, allowed) in s_unserved)
            if (Find(body, name) is { } value && !asksNothing(value))
                throw new RefusedException(name, value.GetRawText(), allowed, "unsupported_parameter");
        var (prompt, image) = ReadMessages(body);
        return new ChatCall
        {
            Model = Text(body, "model"),
            Prompt = prompt,
            Image = image,
            Stream = Flag(body, "stream", "stream"),
            IncludeUsage = Find(body, "stream_options") is { ValueKind: JsonValueKind.Object } options && Flag(options, "include_usage", "stream_options.include_usage"),
            Sampling = Checks.Sampling(new SamplingRequest
            {
                MaxNewTokens = Whole(body, "max_completion_tokens") ?? Whole(body, "max_tokens") ?? ChatCall.UsualTokens,
                Temperature = Number(body, "temperature"),
                TopP = Number(body, "top_p"),
                Seed = Find(body, "seed") is { } seed ? seed.ValueKind == JsonValueKind.Number && seed.TryGetInt64(out var s) ? s : throw new RefusedException("seed", seed.GetRawText(), "a whole number") : null,
                Stop = Stop(body),
            }, ""),
        };
    }

    private static (string Prompt, string Image) ReadMessages(JsonElement body)
    {
        const string allowed = "system messages, then one user message with one picture (image_url) and a text";
        if (Find(body, "messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0) throw new RefusedException("messages", null, allowed);
        var before = new StringBuilder();
        (string, string)? user = null;
        var at = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"messages[{at++}]");
            var role = message.ValueKind == JsonValueKind.Object ? Text(message, "role", field + ".role") : null;
            if (user is not null || role is not ("system" or "developer" or "user")) throw new RefusedException($"{field}.role", role, allowed);
            if (role == "user") user = ReadUser(message, field, before.ToString());
            else before.Append(ReadText(message, field)).Append('\n');
        }
        return user ?? throw new RefusedException("messages", "no user message", allowed);
    }

    private static (string Prompt, string Image) ReadUser(JsonElement message, string field, string before)
    {
        const string allowed = "parts of the types text and image_url, exactly one of them image_url";
        if (Find(message, "content") is not { ValueKind: JsonValueKind.Array } parts) throw new RefusedException($"{field}.content", Find(message, "content")?.GetRawText(), allowed);
        string? image = null;
        var texts = new List<string>();
        var at = 0;
        foreach (var part in parts.EnumerateArray())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{field}.content[{at++}]");
            switch (part.ValueKind == JsonValueKind.Object ? Text(part, "type", name + ".type") : null)
            {
                case "text":
                    texts.Add(NoMarker(Text(part, "text", name + ".text") ?? throw new RefusedException(name + ".text", null, "a text"), name + ".text"));
                    break;
                case "image_url" when image is null:
                    image = Find(part, "image_url") is { ValueKind: JsonValueKind.Object } url ? Text(url, "url", name + ".image_url.url") : null;
                    if (string.IsNullOrEmpty(image)) throw new RefusedException(name + ".image_url.url", image, "a data URL, or an http or https URL");
                    texts.Add(Marker);
                    break;
                case var type:
                    throw new RefusedException($"{name}.type", type, allowed);
            }
        }
        if (image is null) throw new RefusedException($"{field}.content", "no picture", allowed);
        if (texts.Count == 1) throw new RefusedException($"{field}.content", "no text", allowed);
        // A picture at either end stands where the model was taught to see it.
        if (before.Length == 0 && (texts[0] == Marker || texts[^1] == Marker)) texts.Remove(Marker);
        else if (before.Length > 0 && texts.Remove(Marker)) before = NoMarker(before, "messages");
        return ((before + string.Join('\n', texts)).Trim(), image);
    }

    private static string ReadText(JsonElement message, string field)
    {
        if (Find(message, "content") is { ValueKind: JsonValueKind.String } text) return text.GetString()!;
        if (Find(message, "content") is { ValueKind: JsonValueKind.Array } parts && parts.EnumerateArray().All(static p => p.ValueKind == JsonValueKind.Object && Text(p, "type") == "text"))
            return string.Join('\n', parts.EnumerateArray().Select(p => Text(p, "text", field)));
        throw new RefusedException($"{field}.content", Find(message, "content")?.GetRawText(), "a text");
    }

    private static string NoMarker(string text, string field) => text.Contains(Marker, StringComparison.Ordinal) ? throw new RefusedException(field, text, $"a text without {Marker}, which stands for the picture") : text;

    private static string[]? Stop(JsonElement body) => Find(body, "stop") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } some when some.EnumerateArray().All(static s => s.ValueKind == JsonValueKind.String) => [.. some.EnumerateArray().Select(static s => s.GetString()!)],
        { } other => throw new RefusedException("stop", other.GetRawText(), "a text or a list of texts"),
    };

    private static string? Text(JsonElement row, string name, string? field = null) => Find(row, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } other => throw new RefusedException(field ?? name, other.GetRawText(), "a text"),
    };

    private static bool Flag(JsonElement row, string name, string field) => Find(row, name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        { } other => throw new RefusedException(field, other.GetRawText(), "true or false"),
    };

    private static int? Whole(JsonElement row, string name) => Find(row, name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 1 ? Math.Min(number, 2048) : throw new RefusedException(name, value.GetRawText(), "a whole number of 1 or more");

    private static double? Number(JsonElement row, string name) => Find(row, name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : throw new RefusedException(name, value.GetRawText(), "a number");

    private static bool IsZero(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == 0;

    private static JsonElement? Find(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
