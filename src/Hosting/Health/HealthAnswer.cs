using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dpvr.Hosting.Health;

/// <summary>The body of a probe's answer.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c> or <c>degraded</c>.</param>
/// <param name="Checks">Each check: <c>ok</c>, or what is wrong; while it is ready that is a warning.</param>
internal sealed record HealthAnswer(string Status, IReadOnlyDictionary<string, string>? Checks)
{
    public static HealthAnswer Of(HealthReport report) => new(
        report.Status == HealthStatus.Unhealthy ? "degraded" : "ready",
        report.Entries.ToDictionary(e => e.Key, e => e.Value.Status == HealthStatus.Healthy ? "ok" : e.Value.Description ?? e.Value.Exception?.GetType().Name ?? "failed"));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;
