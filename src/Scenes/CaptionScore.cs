namespace Dpvr.Scenes;

/// <summary>How many of a caption's facts are right.</summary>
/// <param name="Right">Facts that agree with the scene.</param>
/// <param name="Total">Facts that should have been stated, and those that were invented.</param>
public readonly record struct CaptionScore(int Right, int Total)
{
    /// <summary>Whether nothing is wrong or missing.</summary>
    public bool FullyTrue => Right == Total;
}
