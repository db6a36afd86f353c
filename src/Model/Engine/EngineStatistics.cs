using Dpvr.Model.Layers;

namespace Dpvr.Model.Engine;

/// <summary>What an engine has done since it started.</summary>
public sealed record EngineStatistics
{
    /// <summary>Prompts that were prefilled.</summary>
    public long Prompts { get; init; }

    /// <summary>Prompt tokens that were prefilled, vision tokens counted.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens that were generated.</summary>
    public long NewTokens { get; init; }

    /// <summary>Decode steps.</summary>
    public long DecodeSteps { get; init; }

    /// <summary>Images that went through the vision tower.</summary>
    public long ImagesEncoded { get; init; }

    /// <summary>Images whose vision tokens were there already.</summary>
    public long ImagesShared { get; init; }

    /// <summary>Prompts whose images' keys and values were there already.</summary>
    public long PrefixesShared { get; init; }

    /// <summary>How often a batch did not fit into memory and was halved.</summary>
    public long Halvings { get; init; }

    /// <summary>Seconds in prefills, the vision tower included.</summary>
    public double PrefillSeconds { get; init; }

    /// <summary>Of the seconds in prefills, those in the vision tower.</summary>
    public double VisionSeconds { get; init; }

    /// <summary>Seconds in decode steps.</summary>
    public double DecodeSeconds { get; init; }

    /// <summary>Of the time in prefills, what went into products and attention.</summary>
    public ComputeTime Prefill { get; init; }

    /// <summary>Of the time in decode steps, what went into products and attention.</summary>
    public ComputeTime Decode { get; init; }

    /// <summary>Bytes reserved for keys and values.</summary>
    public long KeyValueBytes { get; init; }
}
