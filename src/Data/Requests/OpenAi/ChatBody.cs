using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;

namespace Dpvr.Data.Requests.OpenAi;

/// <summary>Reads the body of <c>POST /v1/chat/completions</c> about one picture. What would change the answer and is not supported is refused, never passed over.</summary>
public static class ChatBody
{
    // They change no answer that is made here.
    private static readonly string[] s_passedOver = ["user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "parallel_tool_calls"];

    // More is as long as an answer can be here: asking for it asks for no more.
    private const int LongestAnswer = 2048;

    /// <summary>Reads a body.</summary>
    /// <returns>The request, or why there is none.</returns>
    public static (ChatRequest? Request, OpenAiError? Error) Parse(JsonElement body, ChatRules rules, string path = "")
    {
        ArgumentNullException.ThrowIfNull(rules);
        try
        {
            return (Read(body, rules, path), null);
        }
        catch (ChatException e)
        {
            return (null, e.At(null));
        }
        catch (InvalidOperationException)
        {
            return (null, new OpenAiError("invalid_value", "The body holds text that is not valid Unicode.")); // an escaped half of a surrogate pair
        }
    }

    internal static ChatRequest Read(JsonElement body, ChatRules rules, string path)
    {
        if (body.ValueKind != JsonValueKind.Object) throw ChatException.Invalid(path.TrimEnd('.') is { Length: > 0 } name ? name : "body", "it is no JSON object");
        var model = Get(body, path, "model", Fields.Text) ?? throw ChatException.Missing(path + "model");
        if (!rules.IsModel(model)) throw new ChatException("model_not_found", $"The model '{model}' does not exist.", path + "model");
        foreach (var field in body.EnumerateObject()) CheckField(field, path, rules);
        var stream = Fields.Find(body, "stream") is { ValueKind: JsonValueKind.True };
        var (prompt, picture) = ChatMessages.Read(Fields.Find(body, "messages") ?? throw ChatException.Missing(path + "messages"), path + "messages", rules.MaxPictureBytes);
        return new ChatRequest
        {
            Model = model,
            Picture = picture,
            Request = new ItemRequest
            {
                Prompt = prompt,
                MaxTokens = Tokens(body, path),
                Temperature = Get(body, path, "temperature", static (row, name) => Fields.Number(row, name, 0, 2)),
                TopP = Get(body, path, "top_p", static (row, name) => Fields.Number(row, name, 0, 1)),
                Seed = Get(body, path, "seed", static (row, name) => Fields.Whole(row, name, long.MinValue, long.MaxValue)),
                Stop = Get(body, path, "stop", static (row, name) => Fields.Texts(row, name, RequestRows.MaxStops)),
            },
            Stream = stream,
            IncludeUsage = stream && Fields.Find(body, "stream_options") is { ValueKind: JsonValueKind.Object } options && Fields.Find(options, "include_usage") is { ValueKind: JsonValueKind.True },
        };
    }

    private static int? Tokens(JsonElement body, string path)
    {
        var old = Get(body, path, "max_tokens", static (row, name) => Fields.Whole(row, name, 1, int.MaxValue));
        var tokens = Get(body, path, "max_completion_tokens", static (row, name) => Fields.Whole(row, name, 1, int.MaxValue));
        if (old is not null && tokens is not null && old != tokens) throw ChatException.Invalid(path + "max_tokens", $"it is {old}, and max_completion_tokens is {tokens}; give one of them");
        return tokens is null && old is null ? null : (int)Math.Min((tokens ?? old)!.Value, LongestAnswer);
    }

    private static void CheckField(JsonProperty field, string path, ChatRules rules)
    {
        var (name, value) = (path + field.Name, field.Value);
        if (value.ValueKind == JsonValueKind.Null || s_passedOver.Contains(field.Name, StringComparer.Ordinal)) return;
        switch (field.Name)
        {
            case "model" or "messages" or "max_tokens" or "max_completion_tokens" or "temperature" or "top_p" or "seed" or "stop": return;
            case "n" when !IsNumber(value, 1): throw ChatException.Unsupported(name, "one answer is made for a request");
            case "stream" when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False): throw ChatException.Invalid(name, "it is no boolean");
            case "stream" when value.ValueKind == JsonValueKind.True && !rules.AllowStream: throw ChatException.Unsupported(name, "a batch cannot stream");
            case "frequency_penalty" or "presence_penalty" when !IsNumber(value, 0): throw ChatException.Unsupported(name, "only 0 is");
            case "tool_choice" when !(value.ValueKind == JsonValueKind.String && value.GetString() is "none" or "auto"): throw ChatException.Unsupported(name, "the models here call no tools");
            case "logprobs" when value.ValueKind != JsonValueKind.False: throw ChatException.Unsupported(name, "only false is");
            case "tools" or "functions" when !(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0): throw ChatException.Unsupported(name, "the models here call no tools");
            case "response_format" when !(value.ValueKind == JsonValueKind.Object && Fields.Find(value, "type") is { ValueKind: JsonValueKind.String } type && type.GetString() == "text"):
                throw ChatException.Unsupported(name, "only {\"type\": \"text\"} is");
            case "n" or "stream" or "stream_options" or "frequency_penalty" or "presence_penalty" or "logprobs" or "tool_choice" or "tools" or "functions" or "response_format": return;
            default: throw ChatException.Unsupported(name, "it is not known here");
        }
    }

    private static bool IsNumber(JsonElement value, double number) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var given) && given == number;

    private static T Get<T>(JsonElement body, string path, string name, Func<JsonElement, string, T> read)
    {
        try
        {
            return read(body, name);
        }
        catch (FieldException e)
        {
            throw ChatException.Invalid(path + name, e.Message);
        }
    }
}
