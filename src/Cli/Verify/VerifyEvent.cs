using System.Text.Json.Serialization;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Verification;

namespace Dpvr.Cli.Verify;

/// <summary>The report of <c>dpvr verify --json</c>.</summary>
internal sealed record VerifyEvent(bool Ok, string? Job, Counts Counted, int Files, IReadOnlyList<Finding> Findings)
{
    public static VerifyEvent Of(VerifyReport report) => new(report.Ok, report.Job?.Value, report.Counted, report.Files, report.Findings);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerifyEvent))]
internal sealed partial class VerifyEventJson : JsonSerializerContext;
