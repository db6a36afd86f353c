namespace Dpvr.Cli.Analyze;

/// <summary>What <c>dpvr analyze saturation</c> was asked for.</summary>
internal sealed record SaturationSettings
{
    /// <summary>Model folder.</summary>
    public required string Model { get; init; }

    /// <summary>Folder for the files; made if need be.</summary>
    public required string Output { get; init; }

    /// <summary>Folder with pictures; null takes synthetic scenes.</summary>
    public string? Images { get; init; }

    /// <summary>How many pictures; null takes all of the folder, or 64 scenes.</summary>
    public int? Count { get; init; }

    public string Prompt { get; init; } = "Describe the image.";

    public double Tolerance { get; init; } = 0.01;

    public int BatchSize { get; init; } = 8;

    public bool Json { get; init; }
}
