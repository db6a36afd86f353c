using Dpvr.Contracts.Jobs;

namespace Dpvr.Silo.Api.Chat;

/// <summary>The body of a call of <c>/v1/chat/completions</c>, checked.</summary>
internal sealed record ChatCall
{
    /// <summary>Answers are this long at most when nobody says how long.</summary>
    public const int UsualTokens = 256;

    public string? Model { get; init; }

    /// <summary>The texts around the picture, which stands where <c>&lt;image&gt;</c> does.</summary>
    public required string Prompt { get; init; }

    /// <summary>A data URL, or an http or https URL.</summary>
    public required string Image { get; init; }

    public required SamplingSpec Sampling { get; init; }
    public bool Stream { get; init; }
    public bool IncludeUsage { get; init; }
}
