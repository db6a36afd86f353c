using System.Text.Json;
using Dpvr.Model.Checkpoints;

namespace Dpvr.Model.Tokens;

/// <summary>What <c>tokenizer_config.json</c> and <c>added_tokens.json</c> say beside a tokenizer: which tokens have a role, and further added tokens.</summary>
internal static class TokenizerConfigFile
{
    /// <summary>Completes <paramref name="spec"/> from the files in <paramref name="folder"/>; files that are not there change nothing.</summary>
    /// <exception cref="CheckpointException">A file is damaged.</exception>
    public static TokenizerSpec Apply(string folder, TokenizerSpec spec)
    {
        var added = spec.Added.ToDictionary(t => t.Id);
        string path = Path.Combine(folder, "added_tokens.json");
        try
        {
            if (File.Exists(path))
            {
                using var document = JsonDocument.Parse(File.ReadAllBytes(path));
                foreach (var entry in document.RootElement.EnumerateObject())
                    added.TryAdd(entry.Value.GetInt32(), new AddedToken(entry.Value.GetInt32(), entry.Name));
            }
            path = Path.Combine(folder, "tokenizer_config.json");
            if (!File.Exists(path)) return spec with { Added = [.. added.Values] };
            using var config = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = config.RootElement;
            if (root.TryGetProperty("added_tokens_decoder", out var decoder))
                foreach (var entry in decoder.EnumerateObject())
                {
                    int id = int.Parse(entry.Name, System.Globalization.CultureInfo.InvariantCulture);
                    if (spec.Merges is null || !added.ContainsKey(id)) added[id] = TokenizerJsonFile.ReadAdded(entry.Value, id);
                }
            var ids = added.Values.GroupBy(t => t.Content, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Min(t => t.Id), StringComparer.Ordinal);
            int? Role(string name, int? otherwise) =>
                root.TryGetProperty(name, out var value) && Content(value) is { } content && ids.TryGetValue(content, out int id) ? id : otherwise;
            return spec with
            {
                Added = [.. added.Values],
                BosId = Role("bos_token", spec.BosId),
                EosId = Role("eos_token", spec.EosId),
                PadId = Role("pad_token", spec.PadId),
                UnkId = Role("unk_token", spec.UnkId),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new CheckpointException($"{path}: {e.Message}", e);
        }
    }

    private static string? Content(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object when value.TryGetProperty("content", out var content) => content.GetString(),
        _ => null,
    };
}
