using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dpvr.Silo.Intake;

/// <summary>The blob <c>intake/{SHA-256 of the key}.json</c>: creating it (If-None-Match: *) decides which job or batch a key stands for.</summary>
internal sealed record IntakeRecord
{
    /// <summary>SHA-256 of what was asked, lower-case hex.</summary>
    public required string Body { get; init; }

    /// <summary>The id of the job or batch.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IntakeRecord))]
[JsonSerializable(typeof(SubmissionRecord))]
[JsonSerializable(typeof(HoldRecord))]
internal sealed partial class IntakeJson : JsonSerializerContext
{
    public static IntakeJson Text { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
