using System.Globalization;
using System.Text.Json;

namespace Dpvr.Data.Requests;

/// <summary>Reads fields of a JSON object; null stands for one that is not there.</summary>
internal static class Fields
{
    public static string? Text(JsonElement row, string name) => Find(row, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw new FieldException($"has a {name} that is no text", name),
    };

    /// <summary>A text, or a list of texts, none of them empty.</summary>
    public static IReadOnlyList<string>? Texts(JsonElement row, string name, int most)
    {
        if (Find(row, name) is not { } value) return null;
        var texts = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value];
        return texts.Length <= most && texts.All(static t => t.ValueKind == JsonValueKind.String && t.GetString()!.Length > 0)
            ? [.. texts.Select(static t => t.GetString()!)]
            : throw new FieldException($"has {name} {Shown(value)}; allowed: a text, or a list of at most {most}", name);
    }

    public static long? Whole(JsonElement row, string name, long least, long most)
    {
        if (Find(row, name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most
            ? number
            : throw new FieldException($"has {name} {Shown(value)}; allowed: a whole number from {least} to {most}", name);
    }

    public static double? Number(JsonElement row, string name, double least, double most)
    {
        if (Find(row, name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most
            ? number
            : throw new FieldException(string.Create(CultureInfo.InvariantCulture, $"has {name} {Shown(value)}; allowed: a number from {least} to {most}"), name);
    }

    public static JsonElement? Find(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A value as it stands, as far as it is short.</summary>
    public static string Shown(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 40 ? text : text[..40] + "…";
    }
}
