using Dpvr.Contracts.Jobs;
using Dpvr.Workers.Pictures;

namespace Dpvr.Workers.Engine;

/// <summary>One prompt about one picture.</summary>
public sealed record EngineRequest
{
    /// <summary>Unique within the process; the completion carries it.</summary>
    public required long Id { get; init; }

    public required PreparedPicture Picture { get; init; }

    /// <summary>What the user asks, without the chat template.</summary>
    public required string Prompt { get; init; }

    public required SamplingSpec Sampling { get; init; }

    /// <summary>Told each piece of the answer as it is made, on the engine's thread, which must not be held up; null: nobody wants to know before the end.</summary>
    public Action<string>? OnText { get; init; }
}
