using System.Text.Json.Serialization;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Cli.Progress;

/// <summary>A line of <c>--json</c>. <see cref="Event"/> says which of the other members are there.</summary>
internal sealed record RunEvent
{
    /// <summary><c>started</c>, <c>progress</c>, <c>note</c> or <c>ended</c>.</summary>
    public required string Event { get; init; }

    public string? Folder { get; init; }
    public string? Output { get; init; }
    public string? Model { get; init; }
    public string? Routing { get; init; }
    public string? Job { get; init; }
    public IReadOnlyList<string>? Prompts { get; init; }
    public JobStatus? Status { get; init; }
    public bool? Paused { get; init; }
    public long? Images { get; init; }
    public long? ImagesDone { get; init; }
    public long? ImagesAdopted { get; init; }
    public Counts? Requests { get; init; }
    public long? Failed { get; init; }
    public double? ImagesPerSecond { get; init; }
    public double? TokensPerSecond { get; init; }
    public double? EtaSeconds { get; init; }
    public bool? EngineReady { get; init; }

    /// <summary>Seconds that the engine has waited since the start, by cause.</summary>
    public IReadOnlyDictionary<string, double>? WaitSeconds { get; init; }

    public string? Text { get; init; }
    public int? ExitCode { get; init; }
    public double? ElapsedSeconds { get; init; }
    public Contracts.Results.ItemError? Error { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunEvent))]
internal sealed partial class RunEventJson : JsonSerializerContext;
