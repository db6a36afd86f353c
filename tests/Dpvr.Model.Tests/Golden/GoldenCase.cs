using System.Globalization;
using System.Text.Json;
using Dpvr.Model.Checkpoints;

namespace Dpvr.Model.Tests.Golden;

/// <summary>One prompt batch of a golden model, with the values each variant must give.</summary>
internal sealed record GoldenCase(GoldenModel Model, string Name, JsonElement Json)
{
    /// <summary>"none", "left" or "right".</summary>
    internal string PaddingSide => Json.GetProperty("padding_side").GetString()!;

    internal IReadOnlyList<GoldenRow> Rows => [.. Json.GetProperty("rows").EnumerateArray().Select(r =>
        new GoldenRow(Ints(r, "input_ids_compact"), Ints(r, "input_ids_expanded"), Ints(r, "images")))];

    /// <summary><c>dense</c> and <c>dpvr_s…</c>, those that this case has values for.</summary>
    internal IEnumerable<string> Variants =>
        Json.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Object && p.Value.TryGetProperty("generated", out _)).Select(p => p.Name);

    /// <summary>s of a variant; null for <c>dense</c>.</summary>
    internal static int? SaturationOf(string variant) =>
        variant.StartsWith("dpvr_s", StringComparison.Ordinal) ? int.Parse(variant.AsSpan("dpvr_s".Length), CultureInfo.InvariantCulture) : null;

    /// <summary>The stage tensors of a variant, see section 4 of the golden README.</summary>
    internal SafetensorsFile Open(string variant) => SafetensorsFile.Open(Path.Combine(Model.Folder, variant, $"{Name}.safetensors"));

    /// <summary>Greedy ids per row, without an eos.</summary>
    internal int[][] Generated(string variant) => Table(variant, "generated");

    internal int EosTokenId(string variant) => Json.GetProperty(variant).GetProperty("eos_token_id").GetInt32();

    /// <summary>Greedy ids per row up to and with the eos.</summary>
    internal int[][] GeneratedEos(string variant)
    {
        var lengths = Ints(Json.GetProperty(variant), "generated_eos_lengths");
        return [.. Table(variant, "generated_eos").Select((row, i) => row[..lengths[i]])];
    }

    private int[][] Table(string variant, string name) =>
        [.. Json.GetProperty(variant).GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetInt32()).ToArray())];

    private static int[] Ints(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(v => v.GetInt32())];
}

/// <summary>One prompt: ids with one image token per image, with N per image, and indices into <c>pixel_values</c>.</summary>
internal sealed record GoldenRow(int[] IdsCompact, int[] IdsExpanded, int[] Images);
