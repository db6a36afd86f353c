using Dpvr.Scenes;

namespace Dpvr.Cli.Eval;

/// <summary>What <c>dpvr eval</c> was asked for.</summary>
internal sealed record EvalSettings
{
    /// <summary>Model folder.</summary>
    public required string Model { get; init; }

    public SceneSplit Split { get; init; } = SceneSplit.Test;

    public int Scenes { get; init; } = 1000;

    /// <summary>Index of the first scene.</summary>
    public int Start { get; init; }

    public int Questions { get; init; } = 5;

    /// <summary>Routings to compare; null takes all that the model supports.</summary>
    public IReadOnlyList<string>? Routings { get; init; }

    /// <summary>Layer at which pictures leave under <c>withdraw</c>; null takes the side branch's, without one the middle.</summary>
    public int? Saturation { get; init; }

    /// <summary>Vision tokens of a picture that are kept; null keeps all.</summary>
    public int? VisualTokens { get; init; }

    /// <summary>Null takes what fits.</summary>
    public int? BatchSize { get; init; }

    public int MaxNewTokens { get; init; } = 128;

    public int Threads { get; init; } = 1;

    /// <summary>File for the report; null writes none.</summary>
    public string? Output { get; init; }

    /// <summary>Keep the figures beside the weights.</summary>
    public bool Card { get; init; }

    public bool Json { get; init; }
}
