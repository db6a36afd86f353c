namespace Dpvr.Model.Engine;

/// <summary>Why a sequence ended.</summary>
public enum FinishReason
{
    /// <summary>A stop token came.</summary>
    Stop,

    /// <summary>The allowed number of tokens, or the sequence's memory, was used up.</summary>
    Length,

    /// <summary>The request failed; see <see cref="GenerationResult.Error"/>.</summary>
    Error,

    /// <summary>The caller took it back.</summary>
    Cancelled,
}
