using System.Text;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;

namespace Dpvr.Data.Requests;

/// <summary>Reads and writes the lines of a source of requests.</summary>
public static class RequestRows
{
    /// <summary>Bytes of a line at most.</summary>
    public const int MaxLine = 1 << 20;

    /// <summary>Bytes of an id at most.</summary>
    public const int MaxId = 512;

    /// <summary>Bytes of a prompt at most.</summary>
    public const int MaxPrompt = 64 << 10;

    /// <summary>Characters of a URL at most.</summary>
    public const int MaxUrl = 8192;

    /// <summary>Texts that end an answer, at most.</summary>
    public const int MaxStops = 8;

    private static readonly string[] s_names = ["custom_id", "image", "prompt", "max_tokens", "temperature", "top_p", "seed", "stop"];

    /// <summary>Reads a line.</summary>
    /// <returns>The row; or why there is none, as what the line does ("has no image"), with its id where that could be read.</returns>
    public static (RequestRow? Row, string? CustomId, string? Error) Parse(ReadOnlyMemory<byte> line)
    {
        string? id = null;
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 32 });
            var row = document.RootElement;
            if (row.ValueKind != JsonValueKind.Object) return (null, null, "is no JSON object");
            id = Fields.Text(row, "custom_id") is { Length: > 0 and <= MaxId } text ? text : throw new FieldException($"has no custom_id: a text of 1 to {MaxId} characters");
            if (row.EnumerateObject().FirstOrDefault(p => !s_names.Contains(p.Name, StringComparer.Ordinal)) is { Value.ValueKind: not JsonValueKind.Undefined } other)
                throw new FieldException($"has '{other.Name}', which is not known; allowed: {string.Join(", ", s_names)}");
            if (Fields.Text(row, "prompt") is { } prompt && Encoding.UTF8.GetByteCount(prompt) > MaxPrompt) throw new FieldException($"has a prompt of more than {MaxPrompt} bytes");
            if (Fields.Text(row, "image")?.Length > MaxUrl) throw new FieldException($"has an image whose name has more than {MaxUrl} characters");
            return (new RequestRow
            {
                CustomId = id,
                Image = Fields.Text(row, "image") is { Length: > 0 } image ? image : throw new FieldException("has no image: a URL, store:key or a path"),
                Request = new ItemRequest
                {
                    Prompt = Fields.Text(row, "prompt"),
                    MaxTokens = (int?)Fields.Whole(row, "max_tokens", 1, RequestLimits.Most),
                    Temperature = Fields.Number(row, "temperature", 0, 10),
                    TopP = Fields.Number(row, "top_p", 0, 1),
                    Seed = Fields.Whole(row, "seed", long.MinValue, long.MaxValue),
                    Stop = Fields.Texts(row, "stop", MaxStops),
                },
            }, id, null);
        }
        catch (JsonException e)
        {
            return (null, id, $"is no JSON: {e.Message}");
        }
        catch (FieldException e)
        {
            return (null, id, e.Message);
        }
        catch (InvalidOperationException)
        {
            return (null, id, "holds text that is not valid Unicode"); // an escaped half of a surrogate pair
        }
    }

    /// <summary>Writes a line, without its end.</summary>
    public static void Write(Utf8JsonWriter writer, RequestRow row)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(row);
        writer.WriteStartObject();
        writer.WriteString("custom_id", row.CustomId);
        writer.WriteString("image", row.Image);
        if (row.Request.Prompt is { } prompt) writer.WriteString("prompt", prompt);
        if (row.Request.MaxTokens is { } tokens) writer.WriteNumber("max_tokens", tokens);
        if (row.Request.Temperature is { } temperature) writer.WriteNumber("temperature", temperature);
        if (row.Request.TopP is { } share) writer.WriteNumber("top_p", share);
        if (row.Request.Seed is { } seed) writer.WriteNumber("seed", seed);
        if (row.Request.Stop is { } stop)
        {
            writer.WriteStartArray("stop");
            foreach (var text in stop) writer.WriteStringValue(text);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }
}
