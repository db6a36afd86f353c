namespace Dpvr.Model.Engine;

/// <summary>What an engine is to be planned for.</summary>
public sealed record EngineDemand
{
    /// <summary>Most images of a prompt. Default: 1.</summary>
    public int Images { get; init; } = 1;

    /// <summary>Most text tokens before the last image. Default: 0.</summary>
    public int PrefixText { get; init; }

    /// <summary>Most text tokens behind the last image. Default: 1.</summary>
    public int SuffixText { get; init; } = 1;

    /// <summary>Most new tokens. Default: 64.</summary>
    public int NewTokens { get; init; } = 64;

    /// <summary>Questions in a row about the same image. Default: 1.</summary>
    public int Questions { get; init; } = 1;

    /// <summary>Sequences to compute together; null for as many as fit and gain speed. Default: null.</summary>
    public int? BatchSize { get; init; }
}
