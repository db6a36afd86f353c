namespace Dpvr.Contracts.Jobs;

/// <summary>How the next token is chosen, and when to stop.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.SamplingSpec")]
public sealed record SamplingSpec
{
    /// <summary>Tokens made at most per answer. Default: 64.</summary>
    [Id(0)] public int MaxNewTokens { get; init; } = 64;

    /// <summary>0 is greedy. Default: 0.</summary>
    [Id(1)] public double Temperature { get; init; }

    /// <summary>Only the k likeliest tokens; 0 is all. Default: 0.</summary>
    [Id(2)] public int TopK { get; init; }

    /// <summary>Only the likeliest tokens that together reach this probability. Default: 1.</summary>
    [Id(3)] public double TopP { get; init; } = 1;

    /// <summary>Seed of the random choice; the same seed gives the same answer. Default: 0.</summary>
    [Id(4)] public long Seed { get; init; }

    /// <summary>Texts that end an answer. Default: none.</summary>
    [Id(5)] public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>True records the log-probability of every token. Default: false.</summary>
    [Id(6)] public bool TokenLogprobs { get; init; }
}
