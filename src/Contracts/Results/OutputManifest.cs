using Dpvr.Contracts.Jobs;

namespace Dpvr.Contracts.Results;

/// <summary><c>manifest.json</c>: written last, so that whoever finds it finds everything it lists.</summary>
public sealed record OutputManifest
{
    /// <summary>The format's version.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The program that wrote it.</summary>
    public required string Tool { get; init; }

    /// <summary>The job.</summary>
    public required JobId Job { get; init; }

    /// <summary>Where the job stood.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The model.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The routing.</summary>
    public required RoutingSpec Routing { get; init; }

    /// <summary>The sampling.</summary>
    public required SamplingSpec Sampling { get; init; }

    /// <summary>The prompts.</summary>
    public required IReadOnlyList<PromptSpec> Prompts { get; init; }

    /// <summary>Pictures of the plan.</summary>
    public required long Images { get; init; }

    /// <summary>Requests by outcome.</summary>
    public required Counts Requests { get; init; }

    /// <summary>Tokens of all answers: read.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>Tokens of all answers: made.</summary>
    public required long CompletionTokens { get; init; }

    /// <summary>Failed requests by code.</summary>
    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    /// <summary>The files, each with count, bytes and SHA-256.</summary>
    public required IReadOnlyList<OutputFile> Files { get; init; }
}
