using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;

namespace Dpvr.Contracts.Json;

/// <summary>How every blob and output line is written: snake_case, null left out, one line, text as it is.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ItemRecord))]
[JsonSerializable(typeof(ShardItem))]
[JsonSerializable(typeof(ItemRequest))]
[JsonSerializable(typeof(JobSpec))]
[JsonSerializable(typeof(JobPlan))]
[JsonSerializable(typeof(JobControl))]
[JsonSerializable(typeof(JobEnd))]
[JsonSerializable(typeof(EndDecision))]
[JsonSerializable(typeof(RangeCut))]
[JsonSerializable(typeof(RangeProgress))]
[JsonSerializable(typeof(JobProgress))]
[JsonSerializable(typeof(PlanIndex))]
[JsonSerializable(typeof(DoneMarker))]
[JsonSerializable(typeof(AttemptRecord))]
[JsonSerializable(typeof(OutputManifest))]
[JsonSerializable(typeof(SidecarEntry))]
public sealed partial class DpvrJson : JsonSerializerContext
{
    /// <summary>One line.</summary>
    public static DpvrJson Line { get; } = new(MakeOptions(indented: false));

    /// <summary>Indented, for files that people read.</summary>
    public static DpvrJson Pretty { get; } = new(MakeOptions(indented: true));

    // Captions are text, not markup: they are written as they are, only what JSON itself demands is escaped.
    private static JsonSerializerOptions MakeOptions(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
    };
}
