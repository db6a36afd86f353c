using System.Text.Json;

namespace Dpvr.Data.Requests.OpenAi;

/// <summary>One line of a batch file: <c>{"custom_id", "method": "POST", "url": "/v1/chat/completions", "body"}</c>.</summary>
/// <param name="CustomId">The submitter's id.</param>
/// <param name="Chat">What is asked.</param>
public sealed record BatchLine(string CustomId, ChatRequest Chat)
{
    /// <summary>The one URL that lines may have.</summary>
    public const string Url = "/v1/chat/completions";

    /// <summary>Reads a line.</summary>
    /// <returns>The line, or why there is none; the error has no line number.</returns>
    public static (BatchLine? Line, OpenAiError? Error) Parse(ReadOnlyMemory<byte> line, ChatRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 64 });
            return (Read(document.RootElement, rules), null);
        }
        catch (JsonException e)
        {
            return (null, new OpenAiError("invalid_json_line", $"The line is no JSON: {e.Message}"));
        }
        catch (ChatException e)
        {
            return (null, e.At(null));
        }
        catch (InvalidOperationException)
        {
            return (null, new OpenAiError("invalid_value", "The line holds text that is not valid Unicode.")); // an escaped half of a surrogate pair
        }
    }

    private static BatchLine Read(JsonElement line, ChatRules rules)
    {
        if (line.ValueKind != JsonValueKind.Object) throw new ChatException("invalid_json_line", "The line is no JSON object.");
        var id = Text(line, "custom_id");
        if (id.Length is 0 or > RequestRows.MaxId) throw ChatException.Invalid("custom_id", $"it has {id.Length} characters; allowed: 1 to {RequestRows.MaxId}");
        if (Text(line, "method") is var method && method != "POST") throw new ChatException("invalid_method", $"The method '{method}' is not supported; supported: POST.", "method");
        if (Text(line, "url") is var url && url != Url) throw new ChatException("invalid_url", $"The URL '{url}' is not supported; supported: {Url}.", "url");
        foreach (var field in line.EnumerateObject())
            if (field.Name is not ("custom_id" or "method" or "url" or "body"))
                throw new ChatException("unknown_parameter", $"Unknown parameter: '{field.Name}'.", field.Name);
        return new BatchLine(id, ChatBody.Read(Fields.Find(line, "body") ?? throw ChatException.Missing("body"), rules, "body."));
    }

    private static string Text(JsonElement row, string name) => Fields.Find(row, name) switch
    {
        null => throw ChatException.Missing(name),
        { ValueKind: JsonValueKind.String } value => value.GetString()!,
        _ => throw ChatException.Invalid(name, "it is no text"),
    };
}
