namespace Dpvr.Model.Engine;

/// <summary>One prompt to be continued.</summary>
public sealed record GenerationRequest
{
    /// <summary>The caller's name for it; it comes back in the result.</summary>
    public required string Id { get; init; }

    /// <summary>Token ids with one image token per image (or one per vision token: both forms are read).</summary>
    public required IReadOnlyList<int> Prompt { get; init; }

    /// <summary>The prompt's images in reading order. Default: none.</summary>
    public IReadOnlyList<PreparedImage> Images { get; init; } = [];

    /// <summary>Default: greedy, at most 64 tokens.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Default: none.</summary>
    public StopRules Stop { get; init; } = StopRules.None;
}
