namespace Dpvr.Silo.Intake;

/// <summary>How tokens are chosen.</summary>
public sealed record SamplingRequest
{
    /// <summary>Longest answer in tokens, 1 to 2048. Default: 64.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>0 takes the likeliest token each time; 0 to 10. Default: 0.</summary>
    public double? Temperature { get; init; }

    /// <summary>Among the k likeliest tokens; 0 is all. Default: 0.</summary>
    public int? TopK { get; init; }

    /// <summary>Among the likeliest tokens that have this share together; above 0, to 1. Default: 1.</summary>
    public double? TopP { get; init; }

    /// <summary>Seed of the random choice. Default: 0.</summary>
    public long? Seed { get; init; }

    /// <summary>Texts that end an answer; at most 4. Default: none.</summary>
    public IReadOnlyList<string?>? Stop { get; init; }

    /// <summary>True records the log-probability of every token. Default: false.</summary>
    public bool? TokenLogprobs { get; init; }
}
