using Dpvr.Contracts.Results;

namespace Dpvr.Workers.Engine;

/// <summary>How a request ended: with a text, or with an error that concerns it alone.</summary>
public sealed record EngineCompletion
{
    public required long Id { get; init; }
    public string Text { get; init; } = "";

    /// <summary>Tokens read (pictures included) and made.</summary>
    public TokenCounts Tokens { get; init; } = new(0, 0);

    /// <summary>Mean log-probability (natural) of the tokens made.</summary>
    public double Logprob { get; init; }

    /// <summary>Log-probability of every token made, when it was asked for.</summary>
    public IReadOnlyList<float>? TokenLogprobs { get; init; }

    /// <summary><c>stop</c> or <c>length</c>.</summary>
    public string FinishReason { get; init; } = "stop";

    /// <summary>From the request to the engine's start with it; the engine's thread fills it in.</summary>
    public TimeSpan Queued { get; init; }

    /// <summary>From the engine's start with it to the first token.</summary>
    public TimeSpan Prefill { get; init; }

    /// <summary>From the first token to the last.</summary>
    public TimeSpan Generate { get; init; }

    /// <summary>Null when the request succeeded; else <c>gpu_oom</c>, <c>model_nan</c>, …</summary>
    public ItemError? Error { get; init; }
}
