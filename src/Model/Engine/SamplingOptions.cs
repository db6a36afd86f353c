namespace Dpvr.Model.Engine;

/// <summary>How the next token is chosen.</summary>
public sealed record SamplingOptions
{
    /// <summary>Tokens after which a sequence ends with <see cref="FinishReason.Length"/>. Default: 64.</summary>
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>0 takes the most likely token (greedy). Default: 0.</summary>
    public double Temperature { get; init; }

    /// <summary>Only the k most likely tokens are drawn from; 0 means all. Default: 0.</summary>
    public int TopK { get; init; }

    /// <summary>Only the most likely tokens that together reach this probability are drawn from. Default: 1.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Seed of this request's own generator, so that its neighbours in the batch do not matter. Default: 0.</summary>
    public int Seed { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value outside its range; the message says which is allowed.</exception>
    internal void Validate()
    {
        if (MaxNewTokens < 1) throw new ArgumentOutOfRangeException(nameof(MaxNewTokens), MaxNewTokens, "At least 1 new token is needed.");
        if (!(Temperature >= 0) || !double.IsFinite(Temperature)) throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "The temperature is 0 or more.");
        if (TopK < 0) throw new ArgumentOutOfRangeException(nameof(TopK), TopK, "top-k is 0 (all) or more.");
        if (!(TopP > 0 && TopP <= 1)) throw new ArgumentOutOfRangeException(nameof(TopP), TopP, "top-p is above 0 and at most 1.");
    }
}
