using System.Text.Json;

namespace Dpvr.Model.Checkpoints;

/// <summary>
/// An object of a configuration file, read field by field: missing and null both mean "the default", anything of another
/// kind than asked for is refused with file, field, value and what is allowed.
/// </summary>
internal sealed class ConfigObject
{
    private const int MaxBytes = 64 << 20;
    private readonly JsonElement _element;
    private readonly string _prefix;

    private ConfigObject(JsonElement element, string file, string prefix)
    {
        _element = element;
        File = file;
        _prefix = prefix;
    }

    internal string File { get; }

    internal static ConfigObject Load(string file)
    {
        try
        {
            if (new FileInfo(file).Length is > MaxBytes and var size)
                throw new CheckpointException($"{file}: {size} bytes are above the limit of {MaxBytes} for a configuration.");
            using var document = JsonDocument.Parse(
                System.IO.File.ReadAllBytes(file), new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new CheckpointException($"{file}: must hold a JSON object.");
            return new ConfigObject(document.RootElement.Clone(), file, "");
        }
        catch (FileNotFoundException e)
        {
            throw new CheckpointException($"{file}: not found.", e);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new CheckpointException($"{file}: not found.", e);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{file}: cannot be read: {e.Message}", e);
        }
    }

    internal bool Has(string name) => Get(name) is not null;

    internal JsonElement? Get(string name) =>
        _element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    internal IEnumerable<JsonProperty> Properties => _element.EnumerateObject();

    internal int? Int(string name, int min = int.MinValue, int max = int.MaxValue)
    {
        if (Get(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number) || number < min || number > max)
            throw Refuse(name, value.GetRawText(), $"a whole number from {min} to {max}");
        return number;
    }

    /// <summary>A size or count: at least 1.</summary>
    internal int? Size(string name) => Int(name, 1, 1 << 24);

    internal double? Number(string name, double min, double max)
    {
        if (Get(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !(number >= min && number <= max))
            throw Refuse(name, value.GetRawText(), FormattableString.Invariant($"a number from {min} to {max}"));
        return number;
    }

    internal bool? Flag(string name)
    {
        if (Get(name) is not { } value) return null;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Refuse(name, value.GetRawText(), "true or false"),
        };
    }

    internal string? Text(string name)
    {
        if (Get(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Refuse(name, value.GetRawText(), "a string");
    }

    internal string OneOf(string name, string fallback, params ReadOnlySpan<string> allowed)
    {
        var value = Text(name) ?? fallback;
        return allowed.Contains(value) ? value : throw Refuse(name, value, string.Join(", ", allowed!));
    }

    internal ConfigObject? Object(string name)
    {
        if (Get(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object
            ? new ConfigObject(value, File, $"{_prefix}{name}.") : throw Refuse(name, value.GetRawText(), "an object");
    }

    /// <summary>Whole numbers written as one number or as a list of them.</summary>
    internal int[]? Ints(string name)
    {
        if (Get(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array) return [Int(name)!.Value];
        return [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var number)
            ? number : throw Refuse(name, value.GetRawText(), "whole numbers"))];
    }

    internal CheckpointException Refuse(string name, object value, string allowed)
    {
        var text = value.ToString()!;
        return new CheckpointException($"{File}: {_prefix}{name} is {(text.Length > 200 ? text[..200] + "…" : text)}; allowed: {allowed}.");
    }
}
