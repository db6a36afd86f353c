using Dpvr.Contracts.Jobs;
using Dpvr.Silo.Models;

namespace Dpvr.Silo.Chat;

/// <summary>One question about one picture.</summary>
public sealed record ChatAsk
{
    /// <summary>The model and its routing.</summary>
    public required ModelChoice Model { get; init; }

    /// <summary>The picture's file.</summary>
    public required ReadOnlyMemory<byte> Picture { get; init; }

    /// <summary>What is asked.</summary>
    public required string Prompt { get; init; }

    /// <summary>How tokens are chosen.</summary>
    public required SamplingSpec Sampling { get; init; }
}
