namespace Dpvr.Scenes;

/// <summary>What <see cref="SceneDataset"/> writes.</summary>
public sealed class SceneDatasetOptions
{
    /// <summary>The split. Default: Test.</summary>
    public SceneSplit Split { get; init; } = SceneSplit.Test;

    /// <summary>Index of the first scene. Default: 0.</summary>
    public long Start { get; init; }

    /// <summary>Number of scenes. Default: 64.</summary>
    public int Count { get; init; } = 64;

    /// <summary>Pixels a side, 32 to 4096. Default: 224.</summary>
    public int Size { get; init; } = 224;

    /// <summary>File format. Default: Alternate.</summary>
    public SceneFormat Format { get; init; } = SceneFormat.Alternate;

    /// <summary>Quality of JPEG files, 1 to 100. Default: 90.</summary>
    public int JpegQuality { get; init; } = 90;

    /// <summary>Whether to write conversations.json in LLaVA's format as well. Default: false.</summary>
    public bool Conversations { get; init; }

    /// <summary>Questions for each scene in the metadata and the conversations, 0 to 50. Default: 8.</summary>
    public int Questions { get; init; } = 8;

    /// <summary>The first option out of range with its value and what is allowed, or null.</summary>
    public string? Problem() => this switch
    {
        { Start: < 0 } => $"Start is {Start}; 0 or more is allowed.",
        { Count: < 1 } => $"Count is {Count}; 1 or more is allowed.",
        { Size: < 32 or > 4096 } => $"Size is {Size}; 32 to 4096 is allowed.",
        { JpegQuality: < 1 or > 100 } => $"JpegQuality is {JpegQuality}; 1 to 100 is allowed.",
        { Questions: < 0 or > 50 } => $"Questions is {Questions}; 0 to 50 is allowed.",
        _ => null,
    };
}
