using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Dpvr.Cli.Eval;

/// <summary>What <c>dpvr eval</c> found, and on what.</summary>
internal sealed record EvalReport
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DictionaryKeyPolicy = JsonNamingPolicy.CamelCase, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new ProportionConverter() },
    };

    public required string Model { get; init; }
    public required string Revision { get; init; }
    public required string Split { get; init; }
    public required int Scenes { get; init; }
    public required int FirstScene { get; init; }
    public required int QuestionsPerScene { get; init; }
    public required string Device { get; init; }
    public required string Dtype { get; init; }
    public required int Threads { get; init; }
    public required int BatchSize { get; init; }

    /// <summary>Text tokens of the prompt that <see cref="RoutingReport.PrefillFlops"/> is counted for: the mean over the caption prompts.</summary>
    public required int PromptTextTokens { get; init; }

    /// <summary>Text tokens, prompt and new ones, that <see cref="RoutingReport.KeyValueBytesPerSequence"/> has room for.</summary>
    public required int SequenceTextTokens { get; init; }

    public string Intervals { get; init; } = "95 %, Wilson, as if facts were independent; those of one caption are not quite";

    public required IReadOnlyList<RoutingReport> Routings { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    /// <summary>Writes the interval along with the counts, so that nobody has to compute it again.</summary>
    private sealed class ProportionConverter : JsonConverter<Proportion>
    {
        public override Proportion Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var node = JsonNode.Parse(ref reader)!;
            return new Proportion(node["right"]!.GetValue<int>(), node["n"]!.GetValue<int>());
        }

        public override void Write(Utf8JsonWriter writer, Proportion value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteNumber("right", value.Right);
            writer.WriteNumber("n", value.Count);
            if (value.Count > 0) writer.WriteNumber("share", Math.Round(value.Share, 6));
            writer.WriteNumber("low", Math.Round(value.Low, 6));
            writer.WriteNumber("high", Math.Round(value.High, 6));
            writer.WriteEndObject();
        }
    }
}
