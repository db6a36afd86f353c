using Dpvr.Contracts.Jobs;

namespace Dpvr.Data.Requests.OpenAi;

/// <summary>What became of a batch file.</summary>
public sealed record BatchConversion
{
    /// <summary>Lines that are requests, good and bad.</summary>
    public required long Lines { get; init; }

    /// <summary>Good ones.</summary>
    public required long Rows { get; init; }

    /// <summary>The one model that the rows name; null when there are none.</summary>
    public required string? Model { get; init; }

    /// <summary>The room that the rows need, for <see cref="JobSpec.Limits"/>.</summary>
    public required RequestLimits Limits { get; init; }

    /// <summary>Bad lines.</summary>
    public required long ErrorCount { get; init; }

    /// <summary>Why, of the first of them.</summary>
    public required IReadOnlyList<OpenAiError> Errors { get; init; }
}
