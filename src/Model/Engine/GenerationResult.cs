namespace Dpvr.Model.Engine;

/// <summary>What became of a request.</summary>
public sealed record GenerationResult
{
    public required string Id { get; init; }

    /// <summary>New tokens, a stop token included.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>Log-probability of each new token under the model itself (temperature 1, nothing cut off).</summary>
    public required IReadOnlyList<float> LogProbs { get; init; }

    public required FinishReason Finish { get; init; }

    /// <summary>Set when <see cref="Finish"/> is <see cref="FinishReason.Error"/>.</summary>
    public GenerationError? Error { get; init; }

    /// <summary>Length of the prompt, vision tokens counted.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Seconds it waited for a slot.</summary>
    public double QueueSeconds { get; init; }

    /// <summary>Seconds of the prefill it was part of.</summary>
    public double PrefillSeconds { get; init; }

    /// <summary>Seconds from the end of its prefill to its last token.</summary>
    public double DecodeSeconds { get; init; }
}
